package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Jvm;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Soak;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clean middleware of many sorts is swapped again and again under load, while the status is read all the time: no request
 * fails, every version is collected, none is ever accused of anything, and classes and metaspace are afterwards what they were
 * after the first 56 swaps. A round is eight swaps, and there are more than a thousand; in a soak as many as asked for.
 */
@Tag("process")
class UnloadSoakIT {

    /** After these what the container and the JVM load once is loaded, and the first 50 versions have gone. */
    private static final int FIRST_ROUNDS = 7;

    private static final int ROUNDS = 125;

    /** Of the container's own bundles and the JDK's, needed late. A leak would keep one of each version at least, so 1,000. */
    private static final long CLASSES_TOLERATED = 60;

    /**
     * The JVM keeps there, too, what it learns of methods that run often, and the forms of method handles: 4 MB more were seen on 17
     * and 25. A leak of 30 KB for each version would be 30 MB.
     */
    private static final long METASPACE_TOLERATED_KB = 10_000;

    private static final Duration BREATH = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private static final Pattern GONE = Pattern.compile(
            "(\\S+) (\\S+) \\(unload (\\d+)\\) has gone: its class loader was collected (\\d+\\.\\d) s after it left");

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private HttpServer upstream;
    private CleanBundles bundles;
    private SluiceProcess sluice;

    @BeforeEach
    void start() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        upstream.start();
        bundles = new CleanBundles(
                URI.create("http://127.0.0.1:" + upstream.getAddress().getPort() + "/"));
        Home home = sluices.home();
        home.configure("dev.sluice.deployer", "settle.window=5ms", "removal.settle=50ms");
        // Sooner than by default, so that who needs a moment would be accused here first.
        home.configure("dev.sluice.unload", "unload.probe.interval=1s", "unload.grace=500ms");
        sluice = sluices.start(home);
        home.copy(Answers.application(), "application.jar");
    }

    @AfterEach
    void stop() {
        upstream.stop(0);
    }

    @Test
    void cleanVersionsAreCollectedAndLeaveNothing() {
        Jvm jvm = Jvm.of(sluice);
        swap(0);
        try (Load load = Load.on(sluice.data("/"), this::judge);
                Load looks = Load.of(List.of(this::look))) {
            IntStream.rangeClosed(1, FIRST_ROUNDS).forEach(this::swap);
            awaitCollected(FIRST_ROUNDS);
            Jvm.Loaded loaded = jvm.loaded();
            Jvm.Metaspace before = jvm.metaspace();

            int rounds = FIRST_ROUNDS
                    + Soak.asked()
                            .map(Soak::rounds)
                            .orElseGet(() -> IntStream.rangeClosed(1, ROUNDS))
                            .peek(round -> swap(FIRST_ROUNDS + round))
                            .reduce(0, (last, round) -> round);
            awaitCollected(rounds);

            Jvm.Loaded loadedAfter = jvm.loaded();
            Jvm.Metaspace after = jvm.metaspace();
            load.stop();
            looks.stop();
            tell(load, looks, loaded + ", " + before, loadedAfter + ", " + after);
            assertThat(load.complaints()).isEmpty();
            assertThat(looks.complaints()).isEmpty();
            assertThat(sluice.log()).doesNotContain("has leaked", "Cleaned up after", "go on although interrupted");
            assertThat(loadedAfter.loaders()).as("class loaders").isLessThanOrEqualTo(loaded.loaders());
            assertThat(loadedAfter.classes()).as("classes").isLessThan(loaded.classes() + CLASSES_TOLERATED);
            assertThat(after.usedKilobytes())
                    .as("metaspace in use")
                    .isLessThan(before.usedKilobytes() + METASPACE_TOLERATED_KB);
        }
    }

    /** A new version of each, at once. */
    private void swap(int round) {
        String version = "1.0." + round;
        bundles.names().forEach(name -> sluice.home().copy(bundles.jar(name, version), name + ".jar"));
        Await.until(PATIENCE, () -> {
            HttpResponse<String> answer = Answers.get(sluice, "/");
            assertThat(bundles.names()).allSatisfy(name -> assertThat(Answers.stamp(answer, name))
                    .as("version of %s", name)
                    .contains(version));
        });
    }

    private void awaitCollected(int rounds) {
        long expected = (long) rounds * bundles.names().size();
        Await.until(PATIENCE, () -> {
            assertThat(sluice.status().unloads())
                    .allSatisfy(unload -> assertThat(unload.verdict()).isEqualTo("COLLECTED"));
            assertThat(gone().size()).isEqualTo(expected);
        });
    }

    /** {@return those that have gone, by the log: the status tells of the last alone} */
    private List<MatchResult> gone() {
        return GONE.matcher(sluice.log()).results().toList();
    }

    private Optional<String> judge(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            return Optional.of("status " + answer.statusCode() + ": " + answer.body());
        }
        return bundles.names().stream()
                .filter(name -> Answers.stamp(answer, name).isEmpty())
                .map(name -> "passed without " + name)
                .findFirst()
                .or(() -> answer.headers()
                        .firstValue("X-Stopped")
                        .map(stopped -> "ran after it was stopped: " + stopped));
    }

    private Optional<String> look() {
        LockSupport.parkNanos(BREATH.toNanos());
        Status status = sluice.status();
        return status.unloads().stream()
                .filter(unload -> unload.verdict().equals("LEAKED")
                        || !unload.culprits().isEmpty()
                        || !unload.cleaned().isEmpty()
                        || !unload.unseen().isEmpty())
                .map(unload -> "accused: " + unload.json())
                .findFirst()
                .or(() -> status.alarms().stream().findFirst().map(alarm -> "alarm: " + alarm));
    }

    private void tell(Load load, Load looks, String before, String after) {
        List<Double> seconds = gone().stream()
                .map(one -> Double.valueOf(one.group(4)))
                .sorted()
                .toList();
        System.out.println("unloads: " + seconds.size() + ", requests " + load.answered() + " of which failed "
                + load.failed() + ", status read " + looks.answered() + ", collected after: median "
                + seconds.get(seconds.size() / 2) + " s, p95 " + seconds.get(seconds.size() * 95 / 100) + " s, max "
                + seconds.get(seconds.size() - 1) + " s, before " + before + ", after " + after);
    }
}
