package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTextTest {

    @ParameterizedTest
    @CsvSource({
        "000a, \\u000a",
        "000d, \\u000d",
        "001b, \\u001b",
        "0000, \\u0000",
        "007f, \\u007f",
        "0085, \\u0085",
        "009b, \\u009b",
        "2028, \\u2028",
        "2029, \\u2029",
        "202e, \\u202e",
        "2066, \\u2066",
        "200f, \\u200f",
        "feff, \\ufeff",
        "d800, \\ud800"
    })
    void whatCouldLookLikeALineOfItsOwnIsShownAsANumber(String code, String shown) {
        assertThat(LogText.line("a" + (char) Integer.parseInt(code, 16) + "b", 100))
                .isEqualTo("a" + shown + "b");
    }

    @Test
    void anythingElseStaysAndNothingIsEndless() {
        assertThat(LogText.line("/zürich/ä%25 x\uD83D\uDE00", 100)).isEqualTo("/zürich/ä%25 x\uD83D\uDE00");
        assertThat(LogText.line("abcdef", 3)).isEqualTo("abc...");
    }
}
