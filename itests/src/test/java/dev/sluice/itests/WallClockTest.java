package dev.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The time of day jumps: a clock is set, a virtual machine sleeps. So nothing that waits or decides may ask for it. Who asks
 * is listed here, with what for; everybody else has a monotonic clock.
 */
class WallClockTest {

    /** Each only writes down when something happened, for people to read. */
    private static final Map<String, String> FOR_PEOPLE = new TreeMap<>(Map.ofEntries(
            Map.entry("dev.sluice.chain.trip.Trips", "when a switch tripped"),
            Map.entry("dev.sluice.chain.trip.ShuttingSwitch", "when a switch tripped"),
            Map.entry("dev.sluice.chain.track.ChainComponent", "hands the clock to the switches"),
            Map.entry("dev.sluice.container.Main", "how long the start took, on the ready line"),
            Map.entry("dev.sluice.deployer.deploy.Conclusion", "the time of a record"),
            Map.entry("dev.sluice.deployer.deploy.Duplicates", "the time of a record"),
            Map.entry("dev.sluice.deployer.deploy.Failures", "the time in a marker"),
            Map.entry("dev.sluice.deployer.deploy.Publication", "the time of a record"),
            Map.entry("dev.sluice.deployer.deploy.ReleaseGuards", "when a release was taken back"),
            Map.entry("dev.sluice.deployer.deployed.Reservations", "the time of a record"),
            Map.entry("dev.sluice.deployer.deploy.RollBacks", "when an operator decided"),
            Map.entry("dev.sluice.deployer.deploy.Turnover", "the time in a marker"),
            Map.entry("dev.sluice.deployer.deploy.Endings", "the time of a record"),
            Map.entry("dev.sluice.deployer.deploy.Rollouts", "the time of a record, and of what observers hear"),
            Map.entry("dev.sluice.deployer.deploy.Stepping", "the time of a record"),
            Map.entry("dev.sluice.deployer.rollout.Rollout", "since when a step lasts; how long, another clock tells"),
            Map.entry("dev.sluice.deployer.folder.FolderWatch", "since when a file is waited for"),
            Map.entry(
                    "dev.sluice.deployer.leaving.Witness",
                    "the time of a record, and since when a request is in a bundle"),
            Map.entry("dev.sluice.deployer.ledger.Ledger", "the time of a record"),
            Map.entry("dev.sluice.deployer.operator.Decisions", "when an operator decided"),
            Map.entry("dev.sluice.deployer.restore.Gone", "the time of a record"),
            Map.entry("dev.sluice.deployer.restore.Restore", "the time in a marker"),
            Map.entry("dev.sluice.deployer.service.Assembly", "hands the clock to those above"),
            Map.entry("dev.sluice.deployer.status.Board", "since when a deployment is in its state"),
            Map.entry("dev.sluice.unload.service.UnloadComponent", "hands the clock to the inbox"),
            Map.entry("dev.sluice.unload.witness.Inbox", "when a bundle left"),
            Map.entry("dev.sluice.proxy.service.RoutesComponent", "hands the clock to the upstreams"),
            Map.entry("dev.sluice.proxy.upstream.Clients", "whether a certificate is out of date"),
            Map.entry("dev.sluice.proxy.upstream.Member", "when an upstream failed last")));

    private static final Set<String> CLOCKS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalTime.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.Clock.instant",
            "java.time.Clock.millis",
            "java.time.InstantSource.instant",
            "java.time.InstantSource.millis",
            "java.time.InstantSource.system",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.util.Date.<init>",
            "java.util.Calendar.getInstance",
            // Waits until a time of day.
            "java.util.concurrent.locks.LockSupport.parkUntil",
            "java.util.concurrent.locks.Condition.awaitUntil",
            "java.util.Timer.schedule",
            "java.util.Timer.scheduleAtFixedRate");

    @Test
    void nothingThatWaitsOrDecidesAsksForTheTimeOfDay() throws IOException {
        Map<String, Set<String>> asking = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter().importPaths(BuiltClasses.folders())) {
            for (JavaCodeUnitAccess<?> access : type.getCodeUnitAccessesFromSelf()) {
                String called = access.getTargetOwner().getName() + "."
                        + access.getTarget().getName();
                // Libraries are told which clock to use: see who makes them.
                if (CLOCKS.contains(called) && type.getName().startsWith("dev.sluice.")) {
                    asking.computeIfAbsent(outermost(type.getName()), any -> new TreeSet<>())
                            .add(called);
                }
            }
        }

        assertThat(asking.keySet())
                .as("who asks for the time of day: %s", asking)
                .isSubsetOf(FOR_PEOPLE.keySet());
    }

    private static String outermost(String name) {
        int dollar = name.indexOf('$');
        return dollar < 0 ? name : name.substring(0, dollar);
    }
}
