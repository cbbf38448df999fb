package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.HealthCheck;
import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HealthRequestTest {

    private final Pools pools = new Pools();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private HttpServer upstream;
    private volatile int status = 200;

    @BeforeEach
    void start() throws Exception {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("User-Agent"));
            if (status == 0) {
                await();
            }
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status == 0 ? 200 : status, -1);
            exchange.close();
        });
        upstream.setExecutor(executor);
        upstream.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        upstream.stop(0);
        executor.shutdownNow();
        pools.close();
    }

    private void await() {
        try {
            over.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> check(int port, Duration timeout) throws Exception {
        PoolSettings settings = new PoolSettings(
                Duration.ofSeconds(20),
                // Longer than the test takes: it isn't by this that a check ends.
                Duration.ofMinutes(5),
                10,
                10,
                false,
                new Tls(Optional.empty(), true),
                PoolSettings.Http.HTTP_1_1);
        Pool pool = pools.acquire(settings);
        HealthCheck check = new HealthCheck("/health?deep=1", Duration.ofSeconds(5), timeout);
        return new HealthRequest(pool, new Address("http", "127.0.0.1", port, "/base"), check)
                .send()
                .get(30, TimeUnit.SECONDS);
    }

    private Optional<String> check(Duration timeout) throws Exception {
        return check(upstream.getAddress().getPort(), timeout);
    }

    @ParameterizedTest
    @CsvSource({"200, true", "204, true", "302, true", "399, true", "400, false", "404, false", "503, false"})
    void a_status_below_400_is_healthy_and_no_redirect_is_followed(int answered, boolean healthy) throws Exception {
        status = answered;

        Optional<String> wrong = check(Duration.ofSeconds(20));

        assertThat(wrong).isEqualTo(healthy ? Optional.empty() : Optional.of("GET /health?deep=1 answers " + answered));
        assertThat(asked).containsExactly("GET /base/health?deep=1 sluice health check");
    }

    @Test
    void one_that_says_nothing_in_time_is_not_healthy() throws Exception {
        status = 0;

        assertThat(check(Duration.ofMillis(100)).orElseThrow()).startsWith("GET /health?deep=1 failed: ");
    }

    @Test
    void one_that_isnt_there_is_not_healthy() throws Exception {
        upstream.stop(0);

        assertThat(check(Duration.ofSeconds(20)).orElseThrow()).startsWith("GET /health?deep=1 failed: ");
    }
}
