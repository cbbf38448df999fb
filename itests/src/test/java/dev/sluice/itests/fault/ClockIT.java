package dev.sluice.itests.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Family "changes": the time of day jumps while deadlines run. None is missed, and none comes early. Where there is no C
 * compiler to make the jumping clock with, {@code WallClockTest} alone stands for it.
 */
@Tag("process")
@Tag("one-java")
class ClockIT {

    private static final Client CLIENT = Client.anonymous();

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();
    private Path clock;

    @Test
    void deadlinesAreNeitherMissedNorEarlyWhenTheTimeOfDayJumps() throws Exception {
        Optional<Path> library = library();
        Assumptions.assumeTrue(library.isPresent(), "there is no C compiler: the clock can't be made to jump");
        clock = home.path().resolveSibling("clock").toAbsolutePath();
        jump(Duration.ZERO);
        home.configure("dev.sluice.deployer", "start.timeout=3s", "settle.window=2s");
        SluiceProcess sluice = sluices.start(SluiceProcess.on(home)
                .env("LD_PRELOAD", library.get().toString())
                .env("JUMPING_CLOCK", clock.toString()));
        Saboteur saboteur = Saboteur.deploy(sluice);
        Path stops = home.path().resolveSibling("stops");
        deploy(sluice, "1.0.0", stops);

        // Drain of a retired unit, an hour at the most: two days pass on the clock, and it is not over.
        Path gate = home.path().resolveSibling("gate").toAbsolutePath();
        CompletableFuture<HttpResponse<String>> stays = CLIENT.getLater(sluice.data("/drained/x?wait=" + gate));
        Await.until(() -> assertThat(Path.of(gate + ".entered")).exists());
        deploy(sluice, "2.0.0", stops);
        jump(Duration.ofDays(2));
        deploy(sluice, "3.0.0", stops);
        assertThat(said(sluice, "drained.jar"))
                .as("the clock jumps")
                .isAfter(Instant.now().plus(Duration.ofDays(1)));
        Await.always(Duration.ofSeconds(3), () -> assertThat(stops(stops)).doesNotContain("1.0.0"));
        Files.writeString(gate, "");
        assertThat(stays.join().headers().firstValue("X-drained")).contains("1.0.0");
        Await.until(() -> assertThat(stops(stops)).contains("1.0.0"));

        // Settling: the clock goes back by five days while it lasts, and it doesn't wait for them; nor does the start
        // deadline.
        home.copy(hanging(), "hanging.jar");
        Await.until(() -> assertThat(sluice.status().stateOf("hanging.jar")).isNotEmpty());
        jump(Duration.ofDays(-3));

        // Nor does a hold, when the clock goes back while requests wait.
        saboteur.does("stop", "test.drained");
        CompletableFuture<HttpResponse<String>> held = CLIENT.getLater(sluice.data("/drained/x"));
        Await.until(() -> assertThat(
                        held.isDone() || sluice.status().json().get("held").getAsInt() == 1)
                .isTrue());
        jump(Duration.ofDays(-6));
        assertThat(held.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS).statusCode())
                .isEqualTo(503);
        saboteur.does("start", "test.drained");
        Await.until(() -> assertThat(sluice.status().stateOf("hanging.jar")).isEqualTo("FAILED"));
        deploy(sluice, "4.0.0", stops);

        // And a stop in good order ends.
        jump(Duration.ofDays(-30));
        assertThat(sluice.terminate()).isZero();
    }

    private void deploy(SluiceProcess sluice, String version, Path stops) {
        home.copy(
                TestBundle.of("test.drained", version)
                        .middleware("drained", "/drained/*", 10, "wait")
                        .tellsWhenStopped(stops)
                        .jar(),
                "drained.jar");
        Await.until(
                () -> assertThat(CLIENT.get(sluice.data("/drained/x")).headers().firstValue("X-drained"))
                        .contains(version));
    }

    /** Its start returns never. */
    private static byte[] hanging() {
        return TestBundle.stamping("hanging", "1.0.0")
                .header("Test-Start", "hang")
                .jar();
    }

    private static Instant said(SluiceProcess sluice, String file) {
        return Instant.parse(sluice.status()
                .deployment(file)
                .orElseThrow()
                .json()
                .get("since")
                .getAsString());
    }

    private static String stops(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /** In one piece: the library reads it at every look at the clock. */
    private void jump(Duration offset) throws IOException {
        Path next = clock.resolveSibling("clock.next");
        Files.writeString(next, Long.toString(offset.toSeconds()));
        Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    /** {@return the library to preload, if there is a C compiler to make it with} */
    private Optional<Path> library() throws IOException, InterruptedException {
        Path library = home.path().resolveSibling("jumping-clock.so").toAbsolutePath();
        try {
            Process compiler = new ProcessBuilder(
                            "cc",
                            "-shared",
                            "-fPIC",
                            "-o",
                            library.toString(),
                            "src/test/fixtures/jumping-clock.c",
                            "-ldl")
                    .inheritIO()
                    .start();
            assertThat(compiler.waitFor()).as("cc").isZero();
            return Optional.of(library);
        } catch (IOException noCompiler) {
            return Optional.empty();
        }
    }
}
