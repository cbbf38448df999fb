package dev.sluice.itests.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Ports;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Soak;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Family "changes": kill -9 at random moments of deployments and drains (P7). What serves afterwards is what was last
 * published, old or new, whole; nothing that was retired before comes back.
 */
@Tag("process")
@Tag("one-java")
class CrashIT {

    private static final Client CLIENT = Client.anonymous();

    /** About what a deployment takes from the copy to the end of its drain, on a busy machine. */
    private static final int MOMENTS_MILLIS = 400;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();
    private final int port = Ports.free();
    private final Random random = new Random(Long.getLong("sluice.crash.seed", System.nanoTime() % 1_000_000));

    @Test
    void killedAtRandomMomentsItComesBackWithTheOldOrTheNewAndWhole() {
        SluiceProcess sluice = sluices.start(home);
        home.copy(denier(1), "denier.jar");
        home.copy(pair(1), "pair.jar");
        Await.until(() -> assertServes(sluice, 1, 1));

        SluiceProcess now = sluice;
        int news = 0;
        int rounds = Soak.asked().isPresent() ? 200 : 10;
        for (int round = 2; round < 2 + rounds; round++) {
            // A request that stays in the old version: the kill meets a drain.
            CompletableFuture<?> stays = hold(now, round);
            home.copy(pair(round), "pair.jar");
            if (random.nextBoolean()) {
                home.copy(denier(round), "denier.jar");
            }
            long moment = random.nextInt(MOMENTS_MILLIS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(moment));
            now.kill9();
            stays.handle((answer, gone) -> null).join();

            SluiceProcess again = startUnderEyes(round);
            int served = wholeVersion(again.data(), round);
            news += served == round ? 1 : 0;
            assertThat(served)
                    .as("killed %s ms after the copy of %s", moment, round)
                    .isIn(round, round - 1);
            int awaited = round;
            Await.until(() -> assertServes(again, awaited, 0));
            now.close();
            now = again;
        }
        System.out.println("crash: of " + rounds + " kills " + news + " came after the publish");
        assertThat(now.terminate()).isZero();
    }

    /**
     * Starts it, and asks from the first moment on: what a start serves for a moment only, before the folder is compared, it
     * has served. Until the port is open there is no answer; once it is, everything is back.
     */
    private SluiceProcess startUnderEyes(int round) {
        SluiceProcess starting = sluices.launch(
                SluiceProcess.on(home).ownPorts().args("--port", Integer.toString(port), "--admin-port", "0"));
        URI server = URI.create("http://127.0.0.1:" + port + "/");
        while (!starting.isReady() && starting.isAlive()) {
            if (answers(server) && isServed(server)) {
                assertThat(wholeVersion(server, round))
                        .as("what the first requests after the kill see")
                        .isIn(round, round - 1);
            }
        }
        return starting.awaitReady();
    }

    private static boolean answers(URI server) {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            return true;
        } catch (IOException notYet) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            return false;
        }
    }

    /** The launcher binds the port for a moment, to see whether it is free: who gets through then finds it closed again. */
    private static boolean isServed(URI server) {
        try {
            CLIENT.get(server.resolve("/forbidden/x"));
            return true;
        } catch (UncheckedIOException closedAgain) {
            return false;
        }
    }

    /** {@return the version that answers, the same for both middleware; the denier denies whatever its version} */
    private static int wholeVersion(URI server, int newest) {
        HttpResponse<String> denied = CLIENT.get(server.resolve("/forbidden/x"));
        assertThat(denied.statusCode()).as("a bypass: %s", denied.headers()).isEqualTo(403);
        assertThat(major(denied, "denier")).isBetween(1, newest);
        HttpResponse<String> answer = CLIENT.get(server.resolve("/"));
        int version = major(answer, "first");
        assertThat(major(answer, "second")).as("mixed").isEqualTo(version);
        return version;
    }

    private static void assertServes(SluiceProcess sluice, int pair, int denier) {
        assertThat(wholeVersion(sluice.data(), Integer.MAX_VALUE)).isEqualTo(pair);
        if (denier > 0) {
            assertThat(major(get(sluice, "/forbidden/x"), "denier")).isEqualTo(denier);
        }
        Status status = sluice.status();
        assertThat(status.alarms()).isEmpty();
        assertThat(status.standbys()).as("a retired version is back").isEmpty();
        assertThat(status.deployments())
                .filteredOn(deployment -> deployment.state().equals("PUBLISHED"))
                .extracting(Status.Deployment::file)
                .containsExactlyInAnyOrder("denier.jar", "pair.jar");
    }

    private CompletableFuture<HttpResponse<String>> hold(SluiceProcess sluice, int round) {
        Path gate = home.path().resolveSibling("gate-" + round).toAbsolutePath();
        URI uri = sluice.data("/?wait=" + gate);
        CompletableFuture<HttpResponse<String>> stays = Client.anonymous().getLater(uri);
        Await.until(() -> assertThat(Path.of(gate + ".entered")).exists());
        return stays;
    }

    private static HttpResponse<String> get(SluiceProcess sluice, String path) {
        return CLIENT.get(sluice.data(path));
    }

    private static int major(HttpResponse<String> answer, String middleware) {
        Optional<String> version = answer.headers().firstValue("X-" + middleware);
        assertThat(version)
                .as("passed without %s: %s %s", middleware, answer.statusCode(), answer.body())
                .isPresent();
        return Integer.parseInt(version.get().split("\\.")[0]);
    }

    private static byte[] pair(int version) {
        return TestBundle.of("test.pair", version + ".0.0")
                .middleware("first", "/*", 100, "stamp")
                .middleware("second", "/*", 50, "wait")
                .jar();
    }

    private static byte[] denier(int version) {
        return TestBundle.of("test.denier", version + ".0.0")
                .middleware("denier", "/forbidden/*", 1000, "deny")
                .jar();
    }
}
