package dev.sluice.deployer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.store.StoredCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {

    private static final int JAVA_17 = 61;
    private static final int DIRECTORY_ENTRY = 0x02014b50;
    private static final int FLAGS = 8;
    private static final int SIZE = 24;

    @TempDir
    private Path dir;

    private VerificationLimits limits = VerificationLimits.DEFAULT;

    @Test
    void acceptsABundle() throws IOException {
        Verdict verdict = verify(TestJar.bundle("com.acme.auth", "1.2").classFile("com/acme/Auth.class", 17));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Accepted.class, accepted -> {
            assertThat(accepted.file()).isEqualTo("a.jar");
            assertThat(accepted.artifact().symbolicName()).isEqualTo("com.acme.auth");
            assertThat(accepted.artifact().version()).isEqualTo("1.2.0");
            assertThat(accepted.artifact().declared()).isEmpty();
            assertThat(accepted.artifact().sha256()).isEqualTo("digest");
        });
    }

    @Test
    void acceptsABundleWhoseManifestIsTheLastEntry() throws IOException {
        assertThat(verify(TestJar.bundle("a", "1").entry("x.txt", "x").manifestLast()))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void waitsForEveryTruncationOfABundle() throws IOException {
        byte[] whole = TestJar.bundle("a", "1").entry("x.txt", "some text").bytes();

        for (int length = 0; length < whole.length; length++) {
            assertThat(verify(Arrays.copyOf(whole, length)))
                    .as("the first %d of %d bytes", length, whole.length)
                    .isInstanceOf(Verdict.Incomplete.class);
        }
        assertThat(verify(whole)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void waitsForABundleOfWhichAnyBlockIsStillZeros() throws IOException {
        byte[] noise = new byte[4000];
        new Random(1).nextBytes(noise);
        byte[] whole = TestJar.bundle("a", "1").entry("noise.bin", noise).bytes();

        for (int hole = 0; hole + 256 <= whole.length; hole += 256) {
            byte[] holed = whole.clone();
            Arrays.fill(holed, hole, hole + 256, (byte) 0);
            assertThat(verify(holed)).as("zeros from %d", hole).isInstanceOf(Verdict.Incomplete.class);
        }
    }

    @Test
    void waitsForAJarCutOffRightAfterAJarInsideIt() throws IOException {
        byte[] inner = TestJar.bundle("inner", "1").bytes();
        byte[] outer =
                TestJar.bundle("outer", "1").stored().entry("inner.jar", inner).bytes();
        int end = indexOf(outer, inner) + inner.length;

        assertThat(verify(Arrays.copyOf(outer, end))).isInstanceOf(Verdict.Incomplete.class);
        assertThat(verify(outer)).isInstanceOfSatisfying(Verdict.Accepted.class, accepted -> assertThat(
                        accepted.artifact().symbolicName())
                .isEqualTo("outer"));
    }

    @Test
    void waitsWhenAChecksumOrALengthIsWrong() throws IOException {
        byte[] jar =
                TestJar.bundle("a", "1").stored().entry("x.txt", "some text").bytes();
        byte[] flipped = jar.clone();
        flipped[indexOf(jar, "some text".getBytes(StandardCharsets.UTF_8))] ^= 1;

        assertThat(verify(flipped))
                .isInstanceOfSatisfying(Verdict.Incomplete.class, incomplete -> assertThat(incomplete.message())
                        .contains("x.txt"));
        byte[] compressed = TestJar.bundle("a", "1").entry("x.txt", "some text").bytes();
        assertThat(verify(patched(compressed, "x.txt", SIZE, 4))).isInstanceOf(Verdict.Incomplete.class);
    }

    @Test
    void refusesWhatIsNoZip() throws IOException {
        assertThat(verify("<html>404</html>".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
                    assertThat(refused.message()).contains("not a ZIP");
                    assertThat(refused.sha256()).isEqualTo(Optional.of("digest"));
                    assertThat(refused.retry()).isEqualTo(Verdict.Retry.AT_OTHER_CONTENT);
                });
    }

    @Test
    void refusesAJarWithoutTheManifestOfABundle() throws IOException {
        assertRefused(TestJar.plain().entry("x.txt", "x"), "no META-INF/MANIFEST.MF", "bnd-maven-plugin");
        assertRefused(TestJar.bundle("a", "1").without("Bundle-SymbolicName"), "plain JAR", "bnd-maven-plugin");
        assertRefused(TestJar.bundle("a", "1").header("Bundle-ManifestVersion", "1"), "Bundle-ManifestVersion: 2");
        assertRefused(TestJar.plain().entry("META-INF/MANIFEST.MF", "no manifest\nat all\n"), "can't be read");
        assertRefused(TestJar.plain(), "no META-INF/MANIFEST.MF");
    }

    @Test
    void refusesAClassNewerThanTheRunningJvmAndNamesIt() throws IOException {
        assertRefused(
                TestJar.bundle("a", "1").classFile("com/acme/Old.class", 17).classFile("com/acme/New.class", 25),
                "com.acme.New is compiled for Java 25, this container runs on Java 17");
    }

    @Test
    void acceptsNewerClassesThatThisJvmDoesNotLoad() throws IOException {
        assertThat(verify(TestJar.bundle("a", "1")
                        .header("Multi-Release", "true")
                        .classFile("com/acme/A.class", 11)
                        .classFile("META-INF/versions/25/com/acme/A.class", 25)
                        .classFile("module-info.class", 21)
                        .entry("no.class", "text that is no class")))
                .isInstanceOf(Verdict.Accepted.class);
        assertRefused(
                TestJar.bundle("a", "1").classFile("META-INF/versions/17/com/acme/A.class", 25),
                "compiled for Java 25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../up", "a/../../up", "a/..", "/etc/passwd", "C:/windows", "a\\b"})
    void refusesEntriesWhosePathLeadsOut(String name) throws IOException {
        assertRefused(TestJar.bundle("a", "1").entry(name, "x"), "leads out of the JAR");
    }

    @Test
    void acceptsNamesThatOnlyLookLikeClimbing() throws IOException {
        assertThat(verify(TestJar.bundle("a", "1").entry("a..b/..c/d..", "x").entry("größe/日本 $(x).txt", "x")))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void refusesTwoEntriesOfOneName() throws IOException {
        byte[] jar = TestJar.bundle("a", "1")
                .entry("one.txt", "1")
                .entry("two.txt", "2")
                .bytes();

        assertThat(refusal(verify(replaced(jar, "two.txt", "one.txt")))).contains("two entries named 'one.txt'");
    }

    @Test
    void refusesEncryptedEntries() throws IOException {
        byte[] jar = TestJar.bundle("a", "1").entry("x.txt", "x").bytes();

        assertThat(refusal(verify(patched(jar, "x.txt", FLAGS, 0x0809)))).contains("encrypted");
    }

    @Test
    void refusesABombByWhatItInflatesTo() throws IOException {
        TestJar bomb = TestJar.bundle("a", "1").entry("zeros.bin", new byte[3 << 20]);
        assertRefused(bomb, "zeros.bin", "ZIP bomb", "verify.max.ratio");

        byte[] lying = patched(bomb.bytes(), "zeros.bin", SIZE, 100);
        assertThat(refusal(verify(lying))).contains("ZIP bomb");

        limits = new VerificationLimits(100, 1000, 200);
        assertRefused(TestJar.bundle("a", "1").entry("b", new byte[600]).entry("c", new byte[600]), "verify.max.size");
    }

    @Test
    void acceptsSmallEntriesHoweverRepetitive() throws IOException {
        assertThat(verify(TestJar.bundle("a", "1").entry("zeros.bin", new byte[1 << 20])))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void refusesAnAbsurdNumberOfEntries() throws IOException {
        limits = new VerificationLimits(3, 1 << 20, 200);
        TestJar jar = TestJar.bundle("a", "1").entry("1", "").entry("2", "");
        assertThat(verify(jar)).isInstanceOf(Verdict.Accepted.class);

        assertRefused(jar.entry("3", ""), "4 entries", "verify.max.entries");
    }

    @Test
    void refusesAFileLargerThanAllowed() throws IOException {
        limits = new VerificationLimits(10, 100, 200);

        assertRefused(TestJar.bundle("a", "1"), "bytes", "verify.max.size");
    }

    @Test
    void triesAgainWhenThePrivateCopyCannotBeRead() {
        Verdict verdict = new Verification(() -> limits, JAVA_17)
                .verify("a.jar", new StoredCopy(dir.resolve("missing"), "digest", 1));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Refused.class, refused -> assertThat(refused.retry())
                .isEqualTo(Verdict.Retry.AT_NEXT_SCAN));
    }

    @Test
    void acceptsClassesOfTheJvmItRunsOn() throws IOException {
        Path jar = TestJar.bundle("a", "1")
                .classFile("A.class", Runtime.version().feature())
                .write(dir.resolve("now.jar"));

        assertThat(new Verification(() -> limits).verify("a.jar", new StoredCopy(jar, "digest", Files.size(jar))))
                .isInstanceOf(Verdict.Accepted.class);
    }

    private void assertRefused(TestJar jar, String... words) throws IOException {
        assertThat(refusal(verify(jar))).contains(words);
    }

    private static String refusal(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verdict).message();
    }

    private Verdict verify(TestJar jar) throws IOException {
        return verify(jar.bytes());
    }

    private Verdict verify(byte[] bytes) throws IOException {
        Path file = Files.write(dir.resolve("copy"), bytes);
        return new Verification(() -> limits, JAVA_17).verify("a.jar", new StoredCopy(file, "digest", bytes.length));
    }

    /** Changes a two-byte field of an entry in the ZIP's directory. */
    private static byte[] patched(byte[] jar, String name, int field, int value) {
        ByteBuffer buffer = ByteBuffer.wrap(jar.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 + name.length() <= jar.length; at++) {
            if (buffer.getInt(at) == DIRECTORY_ENTRY
                    && new String(jar, at + 46, name.length(), StandardCharsets.UTF_8).equals(name)) {
                if (field == SIZE) {
                    buffer.putInt(at + field, value);
                } else {
                    buffer.putShort(at + field, (short) value);
                }
                return buffer.array();
            }
        }
        throw new AssertionError("no entry " + name);
    }

    private static byte[] replaced(byte[] jar, String from, String to) {
        String text = new String(jar, StandardCharsets.ISO_8859_1).replace(from, to);
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(new String(part, StandardCharsets.ISO_8859_1));
    }
}
