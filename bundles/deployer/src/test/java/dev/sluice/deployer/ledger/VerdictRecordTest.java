package dev.sluice.deployer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.deployer.Cause;
import dev.sluice.unload.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictRecordTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path dir;

    private Path file;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void name() {
        file = dir.resolve("ledger");
    }

    private Ledger open() throws IOException {
        return Ledger.open(file, () -> new HistoryLimits(5, 2, 0), warnings::add);
    }

    private static void publish(Ledger ledger, String content) throws IOException {
        PublishedArtifact artifact = new PublishedArtifact("a.jar", "sha-" + content, "a", "1.0.0", List.of());
        ledger.append(new LedgerRecord.Published(NOON, Cause.FILE, "deploy a.jar", List.of(artifact), List.of()));
    }

    private static LedgerRecord.Witnessed witnessed(long number, String content, Verdict verdict) {
        return new LedgerRecord.Witnessed(NOON, number, new Released("a.jar", "sha-" + content, verdict, 7, "x"));
    }

    private List<Released> verdicts(long number) throws IOException {
        try (Ledger ledger = open()) {
            return ledger.history().publications().stream()
                    .filter(past -> past.number() == number)
                    .findFirst()
                    .orElseThrow()
                    .verdicts();
        }
    }

    private void append(String json) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        String line = HexFormat.of().toHexDigits((int) crc.getValue()) + " " + json + "\n";
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void theLastVerdictOnABundleIsTold() throws IOException {
        try (Ledger ledger = open()) {
            publish(ledger, "1");
            publish(ledger, "2");
            ledger.note(witnessed(2, "1", Verdict.LEAKED));
            ledger.note(witnessed(2, "1", Verdict.COLLECTED));
            ledger.note(witnessed(17, "1", Verdict.LEAKED));
        }
        assertThat(verdicts(2)).containsExactly(new Released("a.jar", "sha-1", Verdict.COLLECTED, 7, "x"));
        assertThat(verdicts(1)).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aShortenedLedgerTellsTheVerdictsToo() throws IOException {
        try (Ledger ledger = open()) {
            for (int i = 0; i < 300; i++) {
                publish(ledger, String.valueOf(i));
                if (i > 0) {
                    ledger.note(witnessed(i + 1L, String.valueOf(i - 1), Verdict.COLLECTED));
                }
            }
        }
        for (int i = 0; i < 2; i++) {
            assertThat(verdicts(300)).containsExactly(new Released("a.jar", "sha-298", Verdict.COLLECTED, 7, "x"));
            assertThat(verdicts(298)).hasSize(1);
        }
        assertThat(Files.readAllLines(file)).hasSizeLessThan(200);
        assertThat(String.join("", Files.readAllLines(file))).contains("\"type\":\"past\"");
    }

    @Test
    void aLedgerThatHasJustBeenShortenedTellsTheVerdictsToo() throws IOException {
        int last = 0;
        try (Ledger ledger = open()) {
            int before;
            do {
                before = Files.readAllLines(file).size();
                last++;
                publish(ledger, String.valueOf(last));
                ledger.note(witnessed(last, String.valueOf(last - 1), Verdict.COLLECTED));
            } while (Files.readAllLines(file).size() > before);
        }
        assertThat(Files.readAllLines(file).stream().filter(line -> line.contains("\"type\":\"past\"")))
                .hasSizeGreaterThan(2);
        for (int number = last; number > last - 5; number--) {
            assertThat(verdicts(number))
                    .containsExactly(new Released("a.jar", "sha-" + (number - 1), Verdict.COLLECTED, 7, "x"));
        }
    }

    @Test
    void aPublicationOfAnEarlierVersionHasNone() throws IOException {
        append("{\"at\":\"2026-01-01T12:00:00Z\",\"cause\":\"deploy\",\"number\":3,\"came\":[],\"went\":[],"
                + "\"type\":\"past\"}");
        assertThat(verdicts(3)).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aVerdictThatIsNotKnownIsNone() throws IOException {
        try (Ledger ledger = open()) {
            publish(ledger, "1");
            publish(ledger, "2");
        }
        append("{\"at\":\"2026-01-01T12:00:00Z\",\"number\":2,\"released\":{\"file\":\"a.jar\",\"sha256\":\"sha-1\","
                + "\"verdict\":\"EVAPORATED\"},\"type\":\"witnessed\"}");
        assertThat(verdicts(2)).containsExactly(Released.pending("a.jar", "sha-1"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void oneThatDoesNotSayWhatItIsAboutIsKept() throws IOException {
        append("{\"at\":\"2026-01-01T12:00:00Z\",\"number\":2,\"type\":\"witnessed\"}");
        open().close();
        assertThat(warnings).singleElement().asString().contains("newer version");
        assertThat(Files.readString(file)).contains("witnessed");
    }

    @Test
    void aDamagedOneLeavesTheOthers() throws IOException {
        try (Ledger ledger = open()) {
            publish(ledger, "1");
            publish(ledger, "2");
            ledger.note(witnessed(2, "1", Verdict.LEAKED));
            ledger.note(witnessed(2, "1", Verdict.COLLECTED));
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(3, lines.get(3).replace("COLLECTED", "COLLECTEE"));
        Files.write(file, lines);
        assertThat(verdicts(2)).extracting(Released::verdict).containsExactly(Verdict.LEAKED);
        assertThat(warnings).singleElement().asString().contains("damaged");
    }

    @Test
    void whatCantBeWrittenChangesNothing() throws IOException {
        Ledger ledger = open();
        publish(ledger, "1");
        publish(ledger, "2");
        ledger.close();
        assertThatThrownBy(() -> ledger.note(witnessed(2, "1", Verdict.LEAKED))).isInstanceOf(IOException.class);
        assertThat(ledger.history().publications().get(1).verdicts()).isEmpty();
    }
}
