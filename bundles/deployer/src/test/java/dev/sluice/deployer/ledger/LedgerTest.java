package dev.sluice.deployer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.sluice.deployer.Cause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");

    @TempDir
    private Path dir;

    private Path file;
    private final List<String> warnings = new ArrayList<>();
    private HistoryLimits limits = new HistoryLimits(3, 2, 0);

    @BeforeEach
    void name() {
        file = dir.resolve("data/ledger");
    }

    @Test
    void beginsEmpty() throws IOException {
        assertThat(replayed()).isEqualTo(LedgerState.EMPTY);
        assertThat(warnings).isEmpty();
    }

    @Test
    void bringsBackWhatWasAppended() throws IOException {
        LedgerRecord.Decided decided = decided("lib ö.jar", "sha-l", Decision.STOPPED);
        LedgerState before;
        try (Ledger ledger = open()) {
            ledger.append(published(artifact("a.jar", "sha-1"), artifact("lib ö.jar", "sha-l")));
            ledger.append(decided);
            before = ledger.state();
        }

        assertThat(replayed()).isEqualTo(before);
        assertThat(before.published())
                .containsOnly(
                        java.util.Map.entry("a.jar", artifact("a.jar", "sha-1")),
                        java.util.Map.entry("lib ö.jar", artifact("lib ö.jar", "sha-l")));
        assertThat(before.decisions()).containsOnly(java.util.Map.entry("lib ö.jar", decided));
        assertThat(warnings).isEmpty();
    }

    @Test
    void cutsOffALastRecordTornAtAnyByte() throws IOException {
        LedgerState first;
        int begin;
        try (Ledger ledger = open()) {
            ledger.append(published(artifact("a.jar", "sha-1")));
            first = ledger.state();
            begin = (int) Files.size(file);
            ledger.append(published(artifact("a.jar", "sha-2")));
        }
        byte[] whole = Files.readAllBytes(file);

        for (int length = begin; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            warnings.clear();

            assertThat(replayed()).as("torn at byte %d", length).isEqualTo(first);
            assertThat(warnings).hasSize(length == begin ? 0 : 1);
            assertThat(Files.size(file)).isEqualTo(begin);
        }
    }

    @Test
    void appendsCleanlyAfterATornRecord() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(artifact("a.jar", "sha-1")));
        }
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 5));

        try (Ledger ledger = open()) {
            ledger.append(published(artifact("b.jar", "sha-2")));
        }

        warnings.clear();
        assertThat(replayed().published()).containsOnlyKeys("b.jar");
        assertThat(warnings).isEmpty();
    }

    @Test
    void skipsADamagedRecordInTheMiddleAndSaysSo() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(artifact("a.jar", "sha-1")));
            ledger.append(published(artifact("b.jar", "sha-2")));
            ledger.append(published(artifact("c.jar", "sha-3")));
        }
        Files.writeString(file, Files.readString(file).replace("b.jar", "x.jar"));

        assertThat(replayed().published()).containsOnlyKeys("a.jar", "c.jar");
        assertThat(warnings).singleElement().asString().contains("Line 2", "damaged", "checksum");
    }

    @Test
    void isOpenedUntilALineIsDamagedAndAgainWhenThatWasMadeUpFor() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(artifact("a.jar", "sha-1")));
            ledger.append(published(artifact("b.jar", "sha-2")));
            ledger.append(new LedgerRecord.Opened(NOON, ledger.damagedLines()));
        }
        assertThat(replayed().opened()).isTrue();
        Files.writeString(file, Files.readString(file).replace("b.jar", "x.jar"));
        assertThat(replayed().opened()).isFalse();
        try (Ledger ledger = open()) {
            assertThat(ledger.damagedLines()).isEqualTo(1);
            ledger.append(new LedgerRecord.Opened(NOON, ledger.damagedLines()));
        }
        assertThat(replayed().opened()).isTrue();
    }

    @Test
    void keepsWhatIsReservedAndThatItWasOpenedWhenItIsShortened() throws IOException {
        LedgerRecord.Reserved reserved = new LedgerRecord.Reserved(
                NOON, "c.jar", "com.acme.c", List.of(new PublishedPlace("login", 0, List.of("/*"), false)));
        try (Ledger ledger = open()) {
            ledger.append(published(artifact("a.jar", "sha-1")));
            ledger.append(reserved);
            ledger.append(new LedgerRecord.Opened(NOON, 0));
        }
        fill(250);
        replayed();

        assertThat(Files.readAllLines(file)).hasSizeLessThan(10);
        assertThat(replayed().opened()).isTrue();
        assertThat(replayed().reserved()).containsOnly(java.util.Map.entry("c.jar", reserved));
    }

    @Test
    void survivesGarbage() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(artifact("a.jar", "sha-1")));
        }
        byte[] good = Files.readAllBytes(file);
        byte[] garbage = "\n\0\0\0\n12345678\n{}\n".getBytes(StandardCharsets.UTF_8);
        byte[] both = Arrays.copyOf(garbage, garbage.length + good.length);
        System.arraycopy(good, 0, both, garbage.length, good.length);
        Files.write(file, both);

        assertThat(replayed().published()).containsOnlyKeys("a.jar");
        assertThat(warnings).hasSize(4);
    }

    @Test
    void reportsAndKeepsRecordsOfANewerVersion() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(artifact("a.jar", "sha-1")));
        }
        String pinned = line("{\"type\":\"pinned\",\"file\":\"a.jar\"}");
        String decidedOtherwise =
                line("{\"type\":\"decided\",\"file\":\"a.jar\",\"sha256\":\"sha-1\",\"decision\":\"PAUSED\"}");
        String published = line("{\"type\":\"published\",\"added\":7}");
        Files.writeString(file, Files.readString(file) + pinned + decidedOtherwise + published);

        assertThat(replayed().published()).containsOnlyKeys("a.jar");
        assertThat(warnings).hasSize(3).allMatch(warning -> warning.contains("newer version"));
        assertThat(file).content().contains(pinned, decidedOtherwise, published);

        fill(250);
        replayed();
        assertThat(Files.readAllLines(file)).hasSizeLessThan(10);
        assertThat(file).content().contains(pinned, decidedOtherwise, published);
    }

    @Test
    void shortensALongLedgerWithoutChangingWhatItSays() throws IOException {
        fill(250);
        LedgerState before;
        try (Ledger ledger = open()) {
            ledger.append(decided("file-1.jar", "sha of earlier content", Decision.REMOVED));
            before = ledger.state();
        }
        fill(250);
        long longer = Files.size(file);

        LedgerState after = replayed();

        assertThat(Files.size(file)).isLessThan(longer / 10);
        assertThat(after.published().keySet()).isEqualTo(before.published().keySet());
        assertThat(replayed()).isEqualTo(after);
        assertThat(warnings).isEmpty();
    }

    @Test
    void keepsDecisionsWhenItIsShortened() throws IOException {
        fill(250);
        LedgerRecord.Decided decided = decided("file-1.jar", "another sha", Decision.REMOVED);
        try (Ledger ledger = open()) {
            ledger.append(decided);
        }
        for (int i = 0; i < 250; i++) {
            write(published(artifact("busy.jar", "sha-" + i)));
        }

        assertThat(replayed().decisions()).containsOnly(java.util.Map.entry("file-1.jar", decided));
        assertThat(Files.readAllLines(file)).hasSizeLessThan(10);
        assertThat(replayed().decisions()).containsOnly(java.util.Map.entry("file-1.jar", decided));
    }

    @Test
    void keepsTheHighestVersionWhenItIsShortenedThoughItsFileIsGone() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(
                    new PublishedArtifact("old.jar", "sha", "com.acme.old", "3.0.0", List.of()),
                    new PublishedArtifact("busy.jar", "sha", "com.acme", "7.0.0", List.of())));
            ledger.append(new LedgerRecord.Published(NOON, Cause.FILE, "a test", List.of(), List.of("old.jar")));
        }
        fill(250);

        assertThat(replayed().highest()).containsOnly(entry("com.acme.old", "3.0.0"), entry("com.acme", "7.0.0"));
        assertThat(Files.readAllLines(file)).hasSizeLessThan(10);
        assertThat(replayed().highest()).containsOnly(entry("com.acme.old", "3.0.0"), entry("com.acme", "7.0.0"));
    }

    @Test
    void keepsThatARolloutMayTakeAVersionBackWhenItIsShortened() throws IOException {
        PublishedArtifact old = new PublishedArtifact("a.jar", "one", "com.acme.a", "1.0.0", List.of());
        PublishedArtifact candidate = new PublishedArtifact("a.jar", "two", "com.acme.a", "2.0.0", List.of());
        try (Ledger ledger = open()) {
            ledger.append(published(old));
            ledger.append(LedgerStateTest.rollingOut("a.jar", "two", "one"));
            ledger.append(published(candidate, old.named("a.jar#one")));
        }
        fill(250);

        assertThat(replayed().highest()).contains(entry("com.acme.a", "1.0.0"));
        assertThat(Files.readAllLines(file)).hasSizeLessThan(10);
        assertThat(replayed().highest()).contains(entry("com.acme.a", "1.0.0"));
        assertThat(replayed().rollouts()).containsOnlyKeys("a.jar");
    }

    @Test
    void doesNotGrowWithoutBoundsWhileItIsOpenAndSaysTheSame() throws IOException {
        LedgerState state;
        History history;
        try (Ledger ledger = open()) {
            ledger.append(new LedgerRecord.Superseded(NOON, "waits.zip", "sha-w"));
            for (int i = 0; i < 1_000; i++) {
                ledger.append(published(artifact("file-" + i % 3 + ".jar", "sha-" + i)));
                assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(400);
            }
            ledger.append(decided("file-1.jar", "sha-997", Decision.STOPPED));
            state = ledger.state();
            history = ledger.history();
        }
        assertThat(file.resolveSibling("ledger.tmp")).doesNotExist();
        try (Ledger ledger = open()) {
            assertThat(ledger.state()).isEqualTo(state);
            assertThat(ledger.history()).isEqualTo(history);
        }
        assertThat(state.superseded()).containsOnly(entry("waits.zip", "sha-w"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void goesOnWithTheLedgerAsItIsIfItCanNotBeShortened() throws IOException {
        Path obstacle = file.resolveSibling("ledger.tmp");
        try (Ledger ledger = open()) {
            // A folder that isn't empty can't be replaced.
            Files.createDirectories(obstacle.resolve("in the way"));
            for (int i = 0; i < 450; i++) {
                ledger.append(published(artifact("busy.jar", "sha-" + i)));
            }
            assertThat(Files.readAllLines(file)).hasSize(450);
            Files.delete(obstacle.resolve("in the way"));
            for (int i = 450; i < 700; i++) {
                ledger.append(published(artifact("busy.jar", "sha-" + i)));
            }
            assertThat(Files.readAllLines(file)).hasSizeLessThan(250);
        }
        assertThat(replayed().published().get("busy.jar").sha256()).isEqualTo("sha-699");
    }

    @Test
    void leavesAShortLedgerAsItIs() throws IOException {
        fill(50);
        byte[] before = Files.readAllBytes(file);

        replayed();

        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void ignoresWhatAnInterruptedShorteningLeft() throws IOException {
        fill(3);
        LedgerState before = replayed();
        Path leftover = Files.writeString(file.resolveSibling("ledger.tmp"), "half a ledg");

        assertThat(replayed()).isEqualTo(before);
        assertThat(leftover).doesNotExist();
    }

    @Test
    void refusesToAppendAfterItWasClosedAndStaysAsItWas() throws IOException {
        Ledger ledger = open();
        ledger.append(published(artifact("a.jar", "sha-1")));
        LedgerState before = ledger.state();
        ledger.close();

        assertThatThrownBy(() -> ledger.append(published(artifact("b.jar", "sha-2"))))
                .isInstanceOf(IOException.class);
        assertThat(ledger.state()).isEqualTo(before);
        assertThatThrownBy(() -> ledger.append(published(artifact("b.jar", "sha-2"))))
                .hasMessageContaining("restart the container");
    }

    @Test
    void appendsOnAnInterruptedThread() throws IOException {
        try (Ledger ledger = open()) {
            Thread.currentThread().interrupt();
            ledger.append(published(artifact("a.jar", "sha-1")));
            ledger.append(published(artifact("b.jar", "sha-2")));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(replayed().published()).containsOnlyKeys("a.jar", "b.jar");
    }

    private void fill(int records) throws IOException {
        for (int i = 0; i < records; i++) {
            write(published(artifact("file-" + i % 3 + ".jar", "sha-" + i)));
        }
    }

    /** As a ledger that isn't shortened while it is open. */
    private void write(LedgerRecord record) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, RecordLine.write(record), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Ledger open() throws IOException {
        return Ledger.open(file, () -> limits, warnings::add);
    }

    private LedgerState replayed() throws IOException {
        try (Ledger ledger = open()) {
            return ledger.state();
        }
    }

    private static LedgerRecord.Published published(PublishedArtifact... artifacts) {
        return new LedgerRecord.Published(NOON, Cause.FILE, "a test", List.of(artifacts), List.of());
    }

    private static PublishedArtifact artifact(String file, String sha256) {
        return new PublishedArtifact(
                file,
                sha256,
                "com.acme",
                "1.0.0",
                List.of(new PublishedPlace("auth", 100, List.of("/api/*", "<*.json>"), true)));
    }

    private static LedgerRecord.Decided decided(String file, String sha256, Decision decision) {
        return new LedgerRecord.Decided(NOON, file, sha256, decision, "admin");
    }

    private static String line(String json) {
        CRC32C crc = new CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x %s%n", crc.getValue(), json);
    }
}
