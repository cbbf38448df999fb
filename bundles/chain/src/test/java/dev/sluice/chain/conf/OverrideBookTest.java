package dev.sluice.chain.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.fixture.OsgiFramework;
import dev.sluice.chain.fixture.OverrideFixture;
import dev.sluice.chain.snapshot.PlaceOverride;
import dev.sluice.conf.LastGood;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;

/** What is in force while files come, go, change and have mistakes in them. */
class OverrideBookTest {

    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final Duration ALMOST = SETTLE.minusMillis(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    @TempDir
    Path folder;

    private final FakeTime time = new FakeTime();
    private OsgiFramework framework;
    private OverrideFixture files;
    private OperatorFiles overrides;
    private Map<String, PlaceOverride> inForce = Map.of();
    private boolean admits;

    @BeforeEach
    void setUp() throws Exception {
        framework = new OsgiFramework(folder.resolve("cache"));
        files = new OverrideFixture(framework.context());
    }

    @AfterEach
    void tearDown() throws Exception {
        framework.close();
    }

    /** The container starts, or starts again. */
    private void start() {
        if (overrides != null) {
            overrides.close();
        }
        inForce = Map.of();
        admits = false;
        overrides = new OperatorFiles(
                OperatorFiles.Kind.OVERRIDES,
                new OverrideBook(
                        new LastGood(folder.resolve("overrides"), "override", "its place would be closed"),
                        now -> inForce = now),
                () -> SETTLE,
                time::nanoTime,
                time);
        framework.context().registerService(ConfigurationListener.class, overrides, new Hashtable<>());
        overrides.readFrom(files.admin);
        overrides.whenKnown(() -> admits = true);
    }

    private int ranking() {
        return inForce.get("auth").ranking().orElseThrow();
    }

    // ---- Readings that fail.

    @Test
    void manyFilesThatAreDeletedAtOnceAreAllGone() {
        files.keep("a", "name", "auth", "enabled", "false");
        files.keep("b", "name", "log");
        start();
        files.lose("a");
        files.goes = "b";
        files.tell("a", ConfigurationEvent.CM_DELETED);
        time.advance(SETTLE);
        assertThat(inForce).as("though another was going meanwhile").doesNotContainKey("auth");
        files.delete("b");
        time.advance(SETTLE);
        assertThat(inForce).isEmpty();
    }

    @Test
    void aReadingThatFailedIsTriedAgainWithoutAnEvent() {
        start();
        files.fails = true;
        files.write("a", "name", "auth", "ranking", "9");
        time.advance(Duration.ofSeconds(5));
        assertThat(inForce).isEmpty();
        assertThat(overrides.alarms()).singleElement().asString().contains("can't be read", "stays");
        files.fails = false;
        time.advance(Duration.ofSeconds(1));
        assertThat(ranking()).isEqualTo(9);
        assertThat(overrides.alarms()).isEmpty();
    }

    @Test
    void aFirstReadingThatFailedIsTriedAgainWithoutAnEvent() {
        files.fails = true;
        start();
        assertThat(admits).isFalse();
        files.fails = false;
        time.advance(Duration.ofSeconds(1));
        assertThat(admits).isTrue();
    }

    // ---- Mistakes.

    @Test
    void whatWasInForceOutlivesARestartWithAMistakeInItsFile() {
        files.keep("a", "name", "auth", "paths", "/*", "ranking", "9");
        start();
        files.write("a", "name", "auth", "paths", "/*", "ranking", "5O");
        assertThat(ranking()).isEqualTo(9);
        start();
        assertThat(admits).isTrue();
        assertThat(ranking()).isEqualTo(9);
        assertThat(inForce.get("auth").paths().orElseThrow()).hasToString("[/*]");
        assertThat(overrides.alarms()).singleElement().asString().contains("-a.cfg", "\"5O\"", "stays");
        files.write("a", "name", "auth", "ranking", "50");
        assertThat(ranking()).isEqualTo(50);
        assertThat(overrides.alarms()).isEmpty();
    }

    @Test
    void aMistakeOfWhichNothingEarlierIsKnownClosesThePlace() {
        files.keep("a", "name", "auth", "paths", "/*", "ranking", "5O");
        start();
        assertThat(admits).isTrue();
        assertThat(inForce.get("auth").blocks()).isTrue();
        assertThat(inForce.get("auth").onFailure()).contains(FailureMode.CLOSED);
        assertThat(inForce.get("auth").paths().orElseThrow()).hasToString("[/*]");
        assertThat(overrides.alarms()).singleElement().asString().contains("-a.cfg", "503", "Mend");
        files.write("a", "name", "auth", "ranking", "6O");
        assertThat(inForce.get("auth").blocks()).as("mended, but not well").isTrue();
        files.write("a", "name", "auth", "ranking", "60");
        assertThat(inForce.get("auth").blocks()).isFalse();
    }

    @Test
    void itIsClosedEverywhereIfThePathsMayBeTheMistake() {
        files.keep("a", "name", "auth", "path", "/shop/*");
        files.keep("b", "name", "log", "paths", "shop");
        files.keep("c", "name", "cache", "ranking", "x");
        start();
        assertThat(inForce.get("auth").paths().orElseThrow()).hasToString("[/*]");
        assertThat(inForce.get("log").paths().orElseThrow()).hasToString("[/*]");
        assertThat(inForce.get("cache").paths()).as("its own").isEmpty();
    }

    @Test
    void nothingIsAdmittedWhileNobodyCanTellWhatAFileIsFor() {
        files.keep("a", "nam", "auth", "paths", "/*");
        start();
        assertThat(admits).isFalse();
        assertThat(overrides.alarms()).singleElement().asString().contains("no request");
        files.write("a", "name", "auth", "paths", "/*");
        assertThat(admits).isTrue();
    }

    @Test
    void aNewFileWithAMistakeChangesNothingBeforeAndAfterARestart() {
        start();
        files.write("a", "name", "auth", "ranking", "5O");
        assertThat(inForce).isEmpty();
        start();
        assertThat(admits).isTrue();
        assertThat(inForce).isEmpty();
        assertThat(overrides.alarms()).singleElement().asString().contains("as it says of itself");
    }

    @Test
    void aReadingThatIsKeptBadlyIsNone() throws Exception {
        files.keep("a", "name", "auth", "ranking", "9");
        start();
        try (var kept = Files.list(folder.resolve("overrides"))) {
            Files.write(kept.findFirst().orElseThrow(), new byte[0]);
        }
        files.keep("a", "name", "auth", "ranking", "5O");
        start();
        assertThat(inForce.get("auth").blocks()).isTrue();
    }

    @Test
    void aFileThatWentWhileTheContainerWasDownIsForgotten() {
        files.keep("a", "name", "auth", "ranking", "9");
        start();
        files.lose("a");
        start();
        assertThat(inForce).isEmpty();
        files.keep("a", "name", "auth", "ranking", "5O");
        start();
        assertThat(inForce.get("auth").blocks())
                .as("what it said long ago doesn't count")
                .isTrue();
    }

    // ---- Files that go.

    @Test
    void anOverrideGoesWhenItsFileHasStayedAway() {
        files.keep("a", "name", "auth", "ranking", "9");
        start();
        files.delete("a");
        time.advance(ALMOST);
        assertThat(ranking()).isEqualTo(9);
        time.advance(MOMENT);
        assertThat(inForce).isEmpty();
    }

    @Test
    void aFileThatIsRenamedIsInForceAllTheTime() {
        files.keep("a", "name", "auth", "ranking", "9");
        start();
        files.delete("a");
        time.advance(ALMOST);
        assertThat(ranking()).isEqualTo(9);
        files.write("b", "name", "auth", "ranking", "8");
        assertThat(ranking()).as("the new one says").isEqualTo(8);
        time.advance(SETTLE);
        assertThat(ranking()).isEqualTo(8);
        files.delete("b");
        time.advance(SETTLE);
        assertThat(inForce).isEmpty();
    }

    @Test
    void aFileThatComesBackIsInForceAllTheTime() {
        files.keep("a", "name", "auth", "ranking", "9");
        start();
        files.delete("a");
        time.advance(ALMOST);
        assertThat(ranking()).isEqualTo(9);
        files.write("a", "name", "auth", "ranking", "9");
        assertThat(ranking()).isEqualTo(9);
        time.advance(SETTLE);
        assertThat(ranking()).isEqualTo(9);
    }

    @Test
    void whatWasInForceStaysIfARenamedFileHasAMistakeInIt() {
        for (boolean newOneIsSeenFirst : new boolean[] {true, false}) {
            files.keep("a", "name", "auth", "ranking", "9");
            start();
            if (newOneIsSeenFirst) {
                files.keep("b", "name", "auth", "ranking", "5O");
            }
            files.delete("a");
            files.write("b", "name", "auth", "ranking", "5O");
            time.advance(SETTLE);
            assertThat(ranking()).isEqualTo(9);
            start();
            assertThat(ranking()).as("after a restart").isEqualTo(9);
            files.delete("b");
            time.advance(SETTLE);
            assertThat(inForce).isEmpty();
        }
    }

    @Test
    void whatIsOutOfDateDoesNotTakeThePlaceOfWhatCouldNotBeKept() throws Exception {
        files.keep("a", "name", "auth", "ranking", "9");
        start();
        Path kept;
        try (Stream<Path> all = Files.list(folder.resolve("overrides"))) {
            kept = all.findFirst().orElseThrow();
        }
        // In the way of what is written first.
        Files.createDirectory(kept.resolveSibling(kept.getFileName() + ".tmp"));
        files.write("a", "name", "auth", "ranking", "8");
        assertThat(ranking()).isEqualTo(8);

        files.keep("a", "name", "auth", "ranking", "5O");
        start();
        assertThat(overrides.alarms()).singleElement().asString().contains("503");
    }

    @Test
    void nothingGoesWhileAFileMayBeItsNewName() {
        files.keep("a", "name", "auth", "ranking", "9");
        start();
        files.delete("a");
        files.write("b", "nam", "auth", "ranking", "9");
        time.advance(SETTLE.multipliedBy(2));
        assertThat(ranking()).isEqualTo(9);
        files.write("b", "name", "auth", "ranking", "8");
        assertThat(ranking()).isEqualTo(8);
    }

    @Test
    void whatAFileSaysIsInForceAtOnce() {
        files.keep("a", "name", "auth", "ranking", "9", "paths", "/*");
        start();
        files.write("a", "name", "auth", "enabled", "false");
        assertThat(inForce.get("auth").enabled()).isFalse();
        assertThat(inForce.get("auth").paths()).isEmpty();
    }

    @Test
    void ofTwoFilesForTheSameTheFirstByNameCountsAndAnAlarmNamesBoth() {
        start();
        files.write("b", "name", "auth", "ranking", "2");
        files.write("a", "name", "auth", "ranking", "1");
        assertThat(inForce.get("auth").ranking()).contains(1);
        assertThat(overrides.alarms())
                .containsExactly("The override in conf/dev.sluice.middleware-b.cfg is not taken:"
                        + " conf/dev.sluice.middleware-a.cfg is for \"auth\" too, and counts, as its name comes first."
                        + " Keep one of the two.");
        files.delete("a");
        assertThat(overrides.alarms()).isEmpty();
    }
}
