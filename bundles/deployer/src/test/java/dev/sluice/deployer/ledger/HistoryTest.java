package dev.sluice.deployer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.ContentView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path dir;

    private Path file;
    private final List<String> warnings = new ArrayList<>();
    private HistoryLimits limits = new HistoryLimits(5, 2, 0);

    @BeforeEach
    void name() {
        file = dir.resolve("ledger");
    }

    @Test
    void tellsWhatCameAndWhatWentAndForWhichCause() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "1"), artifact("b.jar", "1")));
            ledger.append(published(Cause.OPERATOR, artifact("a.jar", "2")));
            ledger.append(new LedgerRecord.Published(NOON, Cause.START, "gone", List.of(), List.of("b.jar")));
        }
        History history = replayed();
        assertThat(history.publications())
                .extracting(HistoryTest::brief)
                .containsExactly("1 FILE +a.jar:1 +b.jar:1", "2 OPERATOR +a.jar:2 -a.jar:1", "3 START -b.jar:1");
        assertThat(history.newestFirst(limits))
                .extracting(ContentView::sha256)
                .containsExactly("a.jar-2", "b.jar-1", "a.jar-1");
        assertThat(warnings).isEmpty();
    }

    @Test
    void leavesOutWhatBringsAndTakesNothing() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "1")));
            ledger.append(published(Cause.FILE));
            ledger.append(published(Cause.OPERATOR, artifact("a.jar", "1").with(decision())));
            // What only stays for those that are wired to it, and when it goes.
            ledger.append(published(Cause.FILE, artifact("a.jar", "2"), artifact("a.jar#123456789012", "1")));
            ledger.append(
                    new LedgerRecord.Published(NOON, Cause.FILE, "released", List.of(), List.of("a.jar#123456789012")));
        }
        assertThat(replayed().publications())
                .extracting(HistoryTest::brief)
                .containsExactly("1 FILE +a.jar:1", "2 FILE +a.jar:2 -a.jar:1");
    }

    @Test
    void keepsItsLastPublicationsAndTheirNumbersWhenTheLedgerIsShortened() throws IOException {
        fill(0, 203);
        History before;
        try (Ledger ledger = open()) {
            before = ledger.history();
        }
        assertThat(Files.readAllLines(file)).hasSizeLessThan(12);
        assertThat(replayed()).isEqualTo(before);
        assertThat(before.publications())
                .extracting(LedgerRecord.Past::number)
                .containsExactly(199L, 200L, 201L, 202L, 203L);
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "new")));
            assertThat(ledger.state().published().get("a.jar").sha256()).isEqualTo("a.jar-new");
        }
        assertThat(replayed().publications().get(4).number()).isEqualTo(204);
        fill(300, 250);
        assertThat(replayed().publications())
                .extracting(LedgerRecord.Past::number)
                .containsExactly(450L, 451L, 452L, 453L, 454L);
        assertThat(warnings).isEmpty();
    }

    @Test
    void remembersTheLastContentsOfABundleThatHasNotChangedForLong() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("quiet.jar", "1")));
            ledger.append(published(Cause.FILE, artifact("quiet.jar", "2")));
            ledger.append(published(Cause.FILE, artifact("quiet.jar", "3")));
        }
        fill(0, 250);
        replayed();
        assertThat(replayed().newestFirst(limits))
                .extracting(ContentView::sha256)
                .containsExactly("busy.jar-249", "busy.jar-248", "quiet.jar-3", "quiet.jar-2");
    }

    @Test
    void contentThatIsPublishedAgainIsTheLatestOnce() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "1")));
            ledger.append(published(Cause.FILE, artifact("a.jar", "2")));
            ledger.append(published(Cause.OPERATOR, artifact("a.jar", "1")));
        }
        assertThat(replayed().newestFirst(limits))
                .extracting(ContentView::sha256)
                .containsExactly("a.jar-1", "a.jar-2");
    }

    @Test
    void aDamagedRecordInTheMiddleIsReportedAndTheOthersAreTold() throws IOException {
        try (Ledger ledger = open()) {
            for (int i = 1; i <= 4; i++) {
                ledger.append(published(Cause.FILE, artifact("a.jar", String.valueOf(i))));
            }
        }
        List<String> lines = Files.readAllLines(file);
        lines.set(1, lines.get(1).replace("a.jar-2", "a.jar-X"));
        Files.write(file, lines);
        assertThat(replayed().publications())
                .extracting(HistoryTest::brief)
                .containsExactly("1 FILE +a.jar:1", "3 FILE +a.jar:3 -a.jar:1", "4 FILE +a.jar:4 -a.jar:3");
        assertThat(warnings).singleElement().asString().contains("Line 2", "damaged");

        fill(0, 250);
        limits = new HistoryLimits(400, 2, 0);
        warnings.clear();
        replayed();
        lines = Files.readAllLines(file);
        lines.set(0, lines.get(0).replace('1', '7'));
        Files.write(file, lines);
        assertThat(replayed().publications()).hasSizeGreaterThan(200);
    }

    @Test
    void aDamagedPublicationOfTheShortenedLedgerCostsNothingElse() throws IOException {
        fill(0, 250);
        replayed();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(1)).contains("\"type\":\"past\"");
        lines.set(1, lines.get(1).replace("busy.jar", "lazy.jar"));
        Files.write(file, lines);
        try (Ledger ledger = open()) {
            assertThat(ledger.history().publications())
                    .extracting(LedgerRecord.Past::number)
                    .containsExactly(246L, 248L, 249L, 250L);
            assertThat(ledger.state().published()).containsOnlyKeys("busy.jar");
        }
        assertThat(warnings).singleElement().asString().contains("Line 2", "damaged");
    }

    @Test
    void readsALedgerFromBeforeThereWasAHistory() throws IOException {
        limits = new HistoryLimits(5, 3, 0);
        Files.writeString(
                file,
                line("{\"at\":\"2026-01-01T12:00:00Z\",\"cause\":\"compaction\",\"added\":[" + old("a.jar", "1")
                                + "],\"removedFiles\":[],\"type\":\"published\"}")
                        + line("{\"at\":\"2026-01-01T12:00:00Z\",\"cause\":\"deploy a.jar\",\"added\":["
                                + old("a.jar", "2") + "],\"removedFiles\":[],\"type\":\"published\"}"));
        try (Ledger ledger = open()) {
            assertThat(ledger.state().published().get("a.jar")).isEqualTo(artifact("a.jar", "2"));
            ledger.append(published(Cause.FILE, artifact("a.jar", "3")));
        }
        History history = replayed();
        assertThat(history.publications())
                .extracting(HistoryTest::brief)
                .containsExactly("1 - +a.jar:2 -a.jar:1", "2 FILE +a.jar:3 -a.jar:2");
        assertThat(history.newestFirst(limits))
                .extracting(ContentView::sha256)
                .containsExactly("a.jar-3", "a.jar-2", "a.jar-1");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aRollBackIsPartOfWhatWasPublishedAndGoesWithIt() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "2")));
            ledger.append(published(Cause.OPERATOR, artifact("a.jar", "1").with(decision())));
        }
        for (int i = 0; i < 2; i++) {
            try (Ledger ledger = open()) {
                PublishedArtifact published = ledger.state().published().get("a.jar");
                assertThat(published.rolledBack()).isEqualTo(decision());
                assertThat(published.contentOfFile()).isEqualTo("a.jar-2");
            }
            fill(0, 250);
            replayed();
        }
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "3")));
            assertThat(ledger.state().published().get("a.jar").rolledBack()).isEmpty();
        }
    }

    /** Somebody had taken it away, or it could not be brought back, and its file was copied again. */
    @Test
    void tellsOfContentThatComesAnewInThePlaceOfItself() throws IOException {
        LedgerRecord.Published anew = new LedgerRecord.Published(
                NOON, Cause.FILE, "deploy a.jar", List.of(artifact("a.jar", "1")), List.of("a.jar"));
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "1")));
            ledger.append(published(Cause.FILE, artifact("b.jar", "1")));
            assertThat(ledger.says(published(Cause.FILE, artifact("a.jar", "1"))))
                    .isTrue();
            assertThat(ledger.says(anew)).isFalse();
            ledger.append(anew);
            assertThat(ledger.says(anew)).as("once more").isFalse();
            assertThat(ledger.state().published()).containsOnlyKeys("a.jar", "b.jar");
        }
        History history = replayed();
        assertThat(history.publications())
                .extracting(HistoryTest::brief)
                .containsExactly("1 FILE +a.jar:1", "2 FILE +b.jar:1", "3 FILE +a.jar:1 -a.jar:1");
        assertThat(history.newestFirst(limits)).extracting(ContentView::sha256).containsExactly("a.jar-1", "b.jar-1");

        fill(0, 250);
        limits = new HistoryLimits(253, 2, 0);
        replayed();
        assertThat(replayed().publications())
                .extracting(HistoryTest::brief)
                .as("of the shortened ledger")
                .startsWith("1 FILE +a.jar:1", "2 FILE +b.jar:1", "3 FILE +a.jar:1 -a.jar:1");
    }

    @Test
    void tellsOfContentThatIsBackThoughWhatWasThereBetweenIsDamaged() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "1")));
            ledger.append(published(Cause.FILE, artifact("a.jar", "2")));
            ledger.append(published(Cause.FILE, artifact("a.jar", "1")));
            ledger.append(new LedgerRecord.Published(NOON, Cause.ROLLOUT, "it is over", List.of(), List.of()));
            ledger.append(published(Cause.FILE, artifact("a.jar", "3")));
            ledger.append(new LedgerRecord.Published(NOON, Cause.ROLLOUT, "it is over", List.of(), List.of()));
        }
        List<String> lines = Files.readAllLines(file);
        lines.set(1, lines.get(1).replace("a.jar-2", "a.jar-X"));
        lines.set(4, lines.get(4).replace("a.jar-3", "a.jar-X"));
        Files.write(file, lines);
        History history = replayed();
        assertThat(history.publications())
                .extracting(HistoryTest::brief)
                .containsExactly("1 FILE +a.jar:1", "3 FILE +a.jar:1", "4 ROLLOUT", "6 ROLLOUT");
    }

    @Test
    void tellsEachChangeOfContentThatComesAndGoesAndComesAgain() throws IOException {
        try (Ledger ledger = open()) {
            ledger.append(published(Cause.FILE, artifact("a.jar", "1")));
            ledger.append(published(Cause.FILE, artifact("a.jar", "2")));
            ledger.append(published(Cause.OPERATOR, artifact("a.jar", "1").with(decision())));
            ledger.append(new LedgerRecord.Published(NOON, Cause.FILE, "remove a.jar", List.of(), List.of("a.jar")));
            ledger.append(published(Cause.FILE, artifact("a.jar", "1")));
        }
        assertThat(replayed().publications())
                .extracting(HistoryTest::brief)
                .containsExactly(
                        "1 FILE +a.jar:1",
                        "2 FILE +a.jar:2 -a.jar:1",
                        "3 OPERATOR +a.jar:1 -a.jar:2",
                        "4 FILE -a.jar:1",
                        "5 FILE +a.jar:1");
    }

    private static Optional<RolledBack> decision() {
        return Optional.of(new RolledBack("a.jar-2", NOON, "admin"));
    }

    private void fill(int from, int records) throws IOException {
        Files.createDirectories(file.getParent());
        // As a ledger that isn't shortened while it is open.
        for (int i = from; i < from + records; i++) {
            Files.write(
                    file,
                    RecordLine.write(published(Cause.FILE, artifact("busy.jar", String.valueOf(i)))),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    private Ledger open() throws IOException {
        return Ledger.open(file, () -> limits, warnings::add);
    }

    private History replayed() throws IOException {
        try (Ledger ledger = open()) {
            return ledger.history();
        }
    }

    private static LedgerRecord.Published published(Cause cause, PublishedArtifact... artifacts) {
        return new LedgerRecord.Published(NOON, cause, "a test", List.of(artifacts), List.of());
    }

    private static PublishedArtifact artifact(String name, String content) {
        return new PublishedArtifact(
                name, name + "-" + content, "com.acme." + name.replaceAll("[.]jar.*", ""), content, List.of());
    }

    private static String old(String name, String content) {
        return "{\"file\":\"" + name + "\",\"sha256\":\"" + name + "-" + content
                + "\",\"symbolicName\":\"com.acme.a\",\"version\":\"" + content + "\",\"places\":[]}";
    }

    private static String line(String json) {
        CRC32C crc = new CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x %s\n", crc.getValue(), json);
    }

    private static String brief(LedgerRecord.Past past) {
        StringBuilder brief = new StringBuilder(
                past.number() + " " + past.by().map(Cause::name).orElse("-"));
        past.came().forEach(one -> brief.append(" +" + one.file() + ":" + one.version()));
        past.went().forEach(one -> brief.append(" -" + one.file() + ":" + one.version()));
        return brief.toString();
    }
}
