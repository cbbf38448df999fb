package dev.sluice.deployer.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DigestLinesTest {

    private static final String ONE = "0123456789abcdef".repeat(4);
    private static final String TWO = "fedcba9876543210".repeat(4);

    private static DigestLines.Found of(String file, String text) {
        return DigestLines.of(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(String file, String text) {
        return of(file, text).digest().orElseThrow();
    }

    @Test
    void readsTextAndBinaryModeWithEitherEndOfLine() {
        assertThat(digest("a.jar", ONE + "  a.jar\n")).isEqualTo(ONE);
        assertThat(digest("a.jar", ONE + " *a.jar")).isEqualTo(ONE);
        assertThat(digest("a.jar", ONE + " *a.jar\r\n")).isEqualTo(ONE);
        assertThat(digest("ö a.jar", ONE + "  ö a.jar\n")).isEqualTo(ONE);
        assertThat(digest(" a.jar", ONE + "   a.jar\n")).isEqualTo(ONE);
        assertThat(digest("a.jar", ONE.toUpperCase() + "  a.jar\n")).isEqualTo(ONE);
        assertThat(digest("a.jar", "SHA256 (a.jar) = " + ONE + "\n")).isEqualTo(ONE);
        assertThat(digest("a.jar", ONE + "\n")).isEqualTo(ONE);
    }

    @Test
    void takesTheLineOfTheFileAmongSeveral() {
        assertThat(digest("b.jar", ONE + "  a.jar\n" + TWO + "  b.jar\n")).isEqualTo(TWO);
        assertThat(digest("b.jar", "garbage\n" + TWO + " *b.jar\n" + ONE + "  xb.jar\n"))
                .isEqualTo(TWO);
        assertThat(digest("b.jar", ONE + "  target/b.jar\n")).isEqualTo(ONE);
        assertThat(digest("b.jar", ONE + "  target/b.jar\n" + TWO + "  b.jar\n"))
                .isEqualTo(TWO);
    }

    @Test
    void unescapesNamesThatBeginWithABackslash() {
        assertThat(digest("a\\b.jar", "\\" + ONE + "  a\\\\b.jar\n")).isEqualTo(ONE);
        assertThat(digest("a\nb.jar", "\\" + ONE + " *a\\nb.jar\n")).isEqualTo(ONE);
        assertThat(of("a\\\\b.jar", "\\" + ONE + "  a\\\\b.jar\n").digest()).isEmpty();
    }

    @Test
    void refusesWhatHasNoLineForTheFile() {
        assertThat(of("b.jar", ONE + "  a.jar\n").problem()).startsWith("has no line for b.jar, only for a.jar");
        assertThat(of("b.jar", "").problem()).startsWith("has no line as sha256sum writes it");
        assertThat(of("b.jar", ONE.substring(1)).problem()).startsWith("has no line as sha256sum writes it");
        assertThat(of("b.jar", ONE.substring(1) + "  b.jar").digest()).isEmpty();
        assertThat(of("b.jar", ONE + "0  b.jar").digest()).isEmpty();
        assertThat(of("b.jar", ONE + "  b.ja").digest()).isEmpty();
        assertThat(of("b.jar", ONE + "\n" + TWO + "\n").digest()).isEmpty();
    }

    @Test
    void refusesTwoDigestsForOneFile() {
        assertThat(of("b.jar", ONE + "  b.jar\n" + TWO + "  b.jar\n").problem()).startsWith("has several digests");
        assertThat(of("b.jar", ONE + "  b.jar\n" + ONE + " *b.jar\n").digest()).contains(ONE);
    }
}
