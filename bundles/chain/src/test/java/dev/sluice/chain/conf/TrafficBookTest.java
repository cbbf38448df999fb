package dev.sluice.chain.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.fixture.OsgiFramework;
import dev.sluice.chain.fixture.OverrideFixture;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Place;
import dev.sluice.chain.snapshot.Provider;
import dev.sluice.chain.snapshot.Spec;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.chain.snapshot.UnitVersion;
import dev.sluice.conf.LastGood;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationListener;

/** Which rule is in force while files and versions come and go. */
class TrafficBookTest {

    private static final Duration SETTLE = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final FakeTime time = new FakeTime();
    private OsgiFramework framework;
    private OverrideFixture files;
    private Chain chain;
    private OperatorFiles traffic;
    private ServiceRegistration<ConfigurationListener> listening;

    @BeforeEach
    void setUp() throws Exception {
        framework = new OsgiFramework(folder.resolve("cache"));
        files = new OverrideFixture(framework.context(), OverrideFixture.TRAFFIC);
    }

    @AfterEach
    void tearDown() throws Exception {
        framework.close();
    }

    /** The container starts, or starts again; nothing is deployed yet. */
    private void start() {
        if (traffic != null) {
            listening.unregister();
            traffic.close();
        }
        chain = new Chain(time::nanoTime, time);
        traffic = new OperatorFiles(
                OperatorFiles.Kind.TRAFFIC,
                new TrafficBook(new LastGood(folder.resolve("traffic"), "traffic rule", "nothing"), chain, time),
                () -> SETTLE,
                time::nanoTime,
                time);
        listening = framework.context().registerService(ConfigurationListener.class, traffic, new Hashtable<>());
        traffic.readFrom(files.admin);
        chain.open();
    }

    private void deploy(int... majors) {
        for (int major : majors) {
            Unit unit = new Unit(
                    "greeting",
                    new UnitVersion(major, 0, 0, ""),
                    "com.example.greeting",
                    major,
                    (request, response, next) -> next.proceed(request, response),
                    getClass().getClassLoader());
            Spec spec = new Spec(0, List.of(PathPattern.parse("/*")), FailureMode.CLOSED);
            chain.change(roster -> roster.join(new Provider(unit, spec)), "deploy");
        }
    }

    private void write(String file, String weights) {
        files.write(file, "middleware", "greeting", "weights", weights);
    }

    /** {@return the versions that serve now, by their first number} */
    private Set<Integer> serving() {
        return chain.current().places().stream()
                .map(Place::units)
                .flatMap(List::stream)
                .map(unit -> unit.version().major())
                .collect(Collectors.toSet());
    }

    private boolean isKept() throws Exception {
        Path kept = folder.resolve("traffic");
        if (!Files.isDirectory(kept)) {
            return false;
        }
        try (Stream<Path> all = Files.list(kept)) {
            return all.findAny().isPresent();
        }
    }

    @Test
    void aRuleIsTakenAtOnceAndGoesWithItsFile() throws Exception {
        start();
        deploy(1, 2, 3);
        assertThat(serving()).containsExactly(3);
        write("a", "1.0.0=80, 2.0.0=20");
        assertThat(serving()).containsExactlyInAnyOrder(1, 2);
        assertThat(traffic.alarms()).isEmpty();
        assertThat(isKept()).isTrue();
        files.delete("a");
        time.advance(SETTLE.minusMillis(1));
        assertThat(serving()).as("it may be about to come back").containsExactlyInAnyOrder(1, 2);
        time.advance(Duration.ofMillis(1));
        assertThat(serving()).containsExactly(3);
        assertThat(isKept()).isFalse();
    }

    @Test
    void aBadFileLeavesTheLastGoodRuleInForceAlsoOverARestart() {
        start();
        deploy(1, 2);
        write("a", "1.0.0=100");
        write("a", "1.0.0=0");
        assertThat(serving()).containsExactly(1);
        assertThat(traffic.alarms())
                .singleElement()
                .asString()
                .contains("in conf/dev.sluice.traffic-a.cfg", "the one that it had before stays", "the sum", "Mend");
        start();
        deploy(1, 2);
        assertThat(serving()).containsExactly(1);
        assertThat(traffic.alarms()).singleElement().asString().contains("the one that it had before stays");
        write("a", "2.0.0=100");
        assertThat(serving()).containsExactly(2);
        assertThat(traffic.alarms()).isEmpty();
    }

    @Test
    void aBadFileWithoutALastGoodRuleIsAnAlarmAlone() {
        start();
        deploy(1, 2);
        write("a", "1.0.0");
        assertThat(serving()).containsExactly(2);
        assertThat(traffic.alarms())
                .singleElement()
                .asString()
                .contains("is not taken: ")
                .doesNotContain("before stays");
    }

    @Test
    void aRuleForAVersionThatIsNotThereWaitsForIt() throws Exception {
        start();
        deploy(1);
        write("a", "1.0.0=99, 2.0.0=1");
        assertThat(traffic.alarms())
                .singleElement()
                .asString()
                .contains(
                        " waits: there is no version 2.0.0 of middleware greeting yet, but 1.0.0",
                        "as soon as there is")
                .doesNotContain("Mend the file");
        assertThat(isKept()).isFalse();
        deploy(2);
        assertThat(serving()).containsExactlyInAnyOrder(1, 2);
        assertThat(traffic.alarms()).isEmpty();
        time.run();
        assertThat(isKept()).as("what was accepted with the version").isTrue();
    }

    @Test
    void whatWaitsIsKeptThoughOtherChangesCameFirst() throws Exception {
        start();
        deploy(1);
        write("a", "1.0.0=99, 3.0.0=1");
        deploy(2);
        time.run();
        deploy(3);
        time.run();
        assertThat(isKept()).isTrue();
    }

    @Test
    void aNameThatIsNotThereIsGuessed() {
        start();
        deploy(1);
        files.write("a", "middleware", "greting", "weights", "1.0.0=1");
        assertThat(traffic.alarms())
                .singleElement()
                .asString()
                .contains("there is no middleware greting", "is \"greeting\" meant?");
        files.write("a", "bundle", "com.example.greting", "weights", "1.0.0=1");
        assertThat(traffic.alarms()).singleElement().asString().contains("is \"com.example.greeting\" meant?");
        files.write("a", "bundle", "com.example.greeting", "weights", "1.0.0=1");
        assertThat(traffic.alarms()).isEmpty();
    }

    /** So that a start never sends all requests to a version that was to get one in a hundred. */
    @Test
    void anAcceptedRuleIsInForceBeforeTheFirstVersionIsBackAfterARestart() {
        start();
        deploy(1, 2);
        write("a", "1.0.0=100, 2.0.0=0");
        start();
        deploy(2);
        assertThat(serving()).as("nobody else is there").containsExactly(2);
        deploy(1);
        assertThat(serving()).containsExactly(1);
        assertThat(traffic.alarms()).isEmpty();
    }

    @Test
    void onceAcceptedAVersionThatLeavesOnlyGivesUpItsShare() {
        start();
        deploy(1, 2);
        write("a", "1.0.0=50, 2.0.0=50");
        chain.change(roster -> roster.retire(Set.of(2L)), "2 leaves");
        assertThat(serving()).containsExactly(1);
        assertThat(traffic.alarms()).isEmpty();
        start();
        deploy(1);
        assertThat(serving()).containsExactly(1);
        assertThat(traffic.alarms()).as("after a restart neither").isEmpty();
    }

    @Test
    void aFileThatWasChangedWhileTheContainerWasDownWaitsWhileTheOldRuleHolds() {
        start();
        deploy(1, 2, 3);
        write("a", "1.0.0=100");
        files.keep("a", "middleware", "greeting", "weights", "2.0.0=100");
        start();
        deploy(1);
        assertThat(serving()).containsExactly(1);
        deploy(2, 3);
        assertThat(serving()).containsExactly(2);
    }

    @Test
    void aFileThatWentWhileTheContainerWasDownIsForgotten() throws Exception {
        start();
        deploy(1, 2);
        write("a", "1.0.0=100");
        files.lose("a");
        start();
        deploy(1, 2);
        assertThat(serving()).containsExactly(2);
        assertThat(isKept()).isFalse();
    }

    @Test
    void ofTwoFilesForTheSameTheFirstByNameCounts() {
        start();
        deploy(1, 2);
        write("b", "1.0.0=100");
        assertThat(serving()).containsExactly(1);
        write("a", "2.0.0=100");
        assertThat(serving()).containsExactly(2);
        assertThat(traffic.alarms())
                .singleElement()
                .asString()
                .contains(
                        "The traffic rule in conf/dev.sluice.traffic-b.cfg is not taken: conf/dev.sluice.traffic-a.cfg is"
                                + " for middleware greeting too, and counts, as its name comes first. Keep one of the"
                                + " two.");
        files.delete("a");
        time.advance(SETTLE);
        assertThat(serving()).as("the other takes over").containsExactly(1);
        assertThat(traffic.alarms()).isEmpty();
    }

    @Test
    void aFileThatIsCopiedAndThenDeletedLeavesNoGap() {
        start();
        deploy(1, 2);
        write("a", "1.0.0=100");
        write("b", "1.0.0=100, 9.0.0=1");
        files.delete("a");
        time.advance(SETTLE);
        assertThat(serving()).as("the other waits, and has what this one said").containsExactly(1);
        assertThat(traffic.alarms()).singleElement().asString().contains("b.cfg", "9.0.0", "before stays");
    }

    @Test
    void aFileThatIsRenamedLeavesNoGap() {
        start();
        deploy(1, 2);
        write("a", "1.0.0=100");
        files.delete("a");
        assertThat(serving()).containsExactly(1);
        files.write("b", "middleware", "greeting", "weights", "1.0.0=100, 9.0.0=1");
        assertThat(serving()).as("the new one waits").containsExactly(1);
        time.advance(SETTLE);
        assertThat(serving()).as("and has what the old one said").containsExactly(1);
        start();
        deploy(1, 2);
        assertThat(serving()).as("over a restart, too").containsExactly(1);
    }
}
