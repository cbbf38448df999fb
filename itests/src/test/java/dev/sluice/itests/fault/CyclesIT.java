package dev.sluice.itests.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Jvm;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Soak;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Family "changes": deploy and undeploy, again and again, and nothing is left of it. */
@Tag("process")
class CyclesIT {

    private static final Client CLIENT = Client.anonymous();

    /** Before the first measure: what the container loads once, it has loaded by then. */
    private static final int WARM_UP = 5;

    private static final int AT_ONCE = 8;

    /** The default of {@code history.versions}. */
    private static final int KEPT = 5;

    /** Classes that come and go by themselves: proxies, lambdas and accessors that the JVM spins. */
    private static final long CLASSES_TOLERATED = 150;

    /**
     * What the JVM learns of methods that it runs often lies there, too, and there is an end to it: 2 MB were seen after 200
     * cycles, and 3 MB after 10,000. Of a leak each cycle would keep a loader, which is some 30 KB.
     */
    private static final long METASPACE_TOLERATED_KB = 5_000;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @Test
    void afterManyCyclesClassesAndMetaspaceAreBackAtTheStart() throws IOException {
        Home home = sluices.home();
        // The files are small and come at once: settling would take most of the time.
        home.configure("dev.sluice.deployer", "settle.window=5ms", "removal.settle=50ms");
        // Sooner than by default: who looks for what holds a version has its own classes, to be loaded before the first
        // measure.
        home.configure("dev.sluice.unload", "unload.probe.interval=1s", "unload.grace=500ms");
        SluiceProcess sluice = sluices.start(home);
        int cycles = Soak.asked().isPresent() ? 10_000 : 200;
        for (int round = 0; round < WARM_UP; round++) {
            round(sluice, round);
        }
        awaitCollected(sluice);
        Jvm jvm = Jvm.of(sluice);
        long loaders = jvm.instances(Jvm.BUNDLE_CLASS_LOADER);
        Jvm.Metaspace before = jvm.metaspace();

        for (int round = WARM_UP; round < WARM_UP + cycles / AT_ONCE; round++) {
            round(sluice, round);
        }
        awaitCollected(sluice);

        Await.until(() -> assertThat(jvm.instances(Jvm.BUNDLE_CLASS_LOADER))
                .as("class loaders of bundles after %s cycles", cycles)
                .isLessThanOrEqualTo(loaders));
        Jvm.Metaspace after = jvm.metaspace();
        System.out.println("cycles: " + cycles + ", before " + before + ", after " + after);
        assertThat(after.classes()).as("classes").isLessThan(before.classes() + CLASSES_TOLERATED);
        assertThat(after.usedKilobytes())
                .as("metaspace in use")
                .isLessThan(before.usedKilobytes() + METASPACE_TOLERATED_KB);
        assertThat(stored(sluice.home()))
                .as("copies in the store, those to roll back to")
                .isLessThanOrEqualTo(AT_ONCE * KEPT);
    }

    /** Several at once: the time goes into settling and looking, and both serve all of them. */
    private static void round(SluiceProcess sluice, int round) {
        String version = "1.0." + round;
        names().forEach(name ->
                sluice.home().copy(TestBundle.stamping(name, version).jar(), name + ".jar"));
        awaitStamps(sluice, Optional.of(version));
        names().forEach(name -> sluice.home().remove(name + ".jar"));
        awaitStamps(sluice, Optional.empty());
    }

    private static Stream<String> names() {
        return IntStream.range(0, AT_ONCE).mapToObj(number -> "passing-" + number);
    }

    private static void awaitStamps(SluiceProcess sluice, Optional<String> version) {
        Await.until(() -> {
            HttpResponse<String> answer = CLIENT.get(sluice.data("/"));
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(names()).allSatisfy(name -> assertThat(answer.headers().firstValue("X-" + name))
                    .isEqualTo(version));
        });
    }

    private static void awaitCollected(SluiceProcess sluice) {
        Await.until(() -> {
            Status status = sluice.status();
            assertThat(status.deployments())
                    .filteredOn(deployment -> !deployment.state().equals("RELEASED"))
                    .isEmpty();
            assertThat(status.chain()).isEmpty();
            assertThat(status.unloads()).isNotEmpty().allSatisfy(unload -> assertThat(unload.verdict())
                    .isEqualTo("COLLECTED"));
        });
    }

    private static long stored(Home home) throws IOException {
        try (Stream<Path> files = Files.list(home.data().resolve("store"))) {
            return files.filter(file -> file.toString().endsWith(".jar")).count();
        }
    }
}
