package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an upstream does hits the version beside it as well, and no new version is blamed for it. */
@Tag("process")
@Tag("one-java")
class FailingUpstreamIT {

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final int CONNECTIONS = 16;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random random = new Random(5);
    private HttpServer server;

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"fails, 200 500", "slow, 200", "gone, 502 503 504"})
    void noVersionIsBlamedForItsUpstream(String upstream, String statuses) {
        int port = upstream.equals("gone") ? closedPort() : serve(upstream);
        SluiceProcess sluice = sluices.shared(home -> {
            home.configure(
                    "dev.sluice.rollout-greeting",
                    "middleware=greeting",
                    "steps=20,100",
                    "step.time=1s",
                    "step.requests=80",
                    "bake=1s");
            return SluiceProcess.on(home);
        });
        Home home = sluice.home();
        home.configure("dev.sluice.route-behind", "paths = /*", "upstreams = http://127.0.0.1:" + port);
        Greetings.deploy(home, "1.0.0", "stamp");
        Await.until(() -> {
            assertThat(sluice.status().serving("greeting")).contains("1.0.0");
            assertThat(sluice.status().json().getAsJsonArray("routes").toString())
                    .contains("127.0.0.1:" + port);
        });

        Set<Double> shares = ConcurrentHashMap.newKeySet();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        try (Audience audience = new Audience(
                sluice,
                Greetings.STAMP,
                CONNECTIONS,
                2,
                (target, answer) -> {
                    seen.add(Integer.toString(answer.status()));
                    return complaint(answer);
                },
                "/")) {
            audience.await(200);
            Greetings.deploy(home, "2.0.0", "stamp");
            Await.until(PATIENCE, () -> {
                Status status = sluice.status();
                status.rollouts().forEach(rollout -> {
                    shares.add(rollout.share());
                    assertThat(rollout.waitingFor()).isNotBlank();
                });
                boolean isOver = shares.contains(100.0) && status.rollouts().isEmpty();
                assertThat(isOver || Files.exists(home.marker(Greetings.FILE)))
                        .as("over: %s", status.json().get("rollouts"))
                        .isTrue();
            });
            assertThat(Files.exists(home.marker(Greetings.FILE)) ? home.markerText(Greetings.FILE) : "")
                    .as("what it is blamed for")
                    .isEmpty();
            assertThat(sluice.status().serving("greeting")).contains("2.0.0");
            System.out.println("upstream " + upstream + ": promoted after " + audience.of("2.0.0") + " requests of "
                    + audience.answered());
            assertThat(audience.end()).isEmpty();
        }
        assertThat(seen).isSubsetOf(statuses.split(" "));
        assertThat(sluice.log()).doesNotContain("back to test.greeting");
    }

    private static Optional<String> complaint(Answer answer) {
        boolean isStamped = answer.header(Greetings.STAMP).isPresent()
                && answer.header("X-Stopped").isEmpty();
        return isStamped ? Optional.empty() : Optional.of(answer.toString());
    }

    private int serve(String upstream) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(upstream, exchange));
        server.start();
        return server.getAddress().getPort();
    }

    /** Three in ten answers are errors; or each takes its time, and one in ten much of it. */
    private void answer(String upstream, HttpExchange exchange) throws IOException {
        int chance = random.nextInt(10);
        if (upstream.equals("slow")) {
            try {
                Thread.sleep(chance == 0 ? 100 : 15);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        byte[] body = "from upstream".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(upstream.equals("fails") && chance < 3 ? 500 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static int closedPort() {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
