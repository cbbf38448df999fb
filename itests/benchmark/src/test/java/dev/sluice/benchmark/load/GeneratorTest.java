package dev.sluice.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the load says it has seen is what was answered. */
@Timeout(30)
class GeneratorTest {

    private static final byte[] BODY = {'a', 'b', 'c'};

    private final AtomicInteger answered = new AtomicInteger();
    /** A look at the clock takes a millisecond, whatever the machine does meanwhile. */
    private final AtomicLong clock = new AtomicLong();

    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            int number = answered.incrementAndGet();
            if (number != 2) {
                exchange.getResponseHeaders().add("X-First", "1.0.0");
            }
            exchange.getResponseHeaders().add("X-Last", number == 3 ? "2.0.0" : "1.0.0");
            exchange.sendResponseHeaders(number == 4 ? 500 : 200, BODY.length);
            exchange.getResponseBody().write(BODY);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Watched load(Duration length) throws InterruptedException {
        URI target = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return new Generator(target, length, () -> clock.addAndGet(1_000_000)).run(1);
    }

    @Test
    void countsFailedUnfilteredAndMixedAnswers() throws InterruptedException {
        Watched seen = load(Duration.ofMillis(20));

        assertThat(seen.outcome().requests()).isEqualTo(answered.get()).isGreaterThan(4);
        assertThat(seen.unfiltered()).isOne();
        assertThat(seen.mixed()).isOne();
        assertThat(seen.statuses()).containsOnlyKeys(500).containsEntry(500, 1L);
        assertThat(seen.wrong()).isEqualTo(3);
        assertThat(seen.firstSeen()).containsOnlyKeys("1.0.0");
        assertThat(seen.outcome().p50())
                .isPositive()
                .isLessThanOrEqualTo(seen.outcome().max());
    }

    @Test
    void countsWhatIsNotAnsweredAtAll() throws InterruptedException {
        server.stop(0);

        Watched seen = load(Duration.ofMillis(5));

        assertThat(seen.outcome().requests()).isZero();
        assertThat(seen.outcome().failed()).isPositive();
        assertThat(seen.statuses()).containsOnlyKeys(0);
    }
}
