package dev.sluice.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ArrivalTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private HttpServer server;
    private URI target;

    /** Each answer takes a second, and the new version is there when so many others have answered. */
    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            clock.addAndGet(SECOND);
            exchange.getResponseHeaders().add("X-First", left.decrementAndGet() < 0 ? "2" : "1");
            exchange.sendResponseHeaders(200, 1);
            exchange.getResponseBody().write('a');
            exchange.close();
        });
        server.start();
        target = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void isFromTheCompleteFileToTheFirstAnswer() throws Exception {
        try (Arrival arrival = new Arrival(new KeptConnection(target), clock::get)) {
            assertThat(arrival.millis("2", () -> {
                        clock.addAndGet(100 * SECOND);
                        left.set(3);
                    }))
                    .isEqualTo(4000);
        }
    }

    @Test
    void givesUpAfterAMinute() {
        try (Arrival arrival = new Arrival(new KeptConnection(target), clock::get)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> arrival.millis("3", () -> {}))
                    .withMessageContaining("3 is still not seen");
        }
        assertThat(clock.get()).isEqualTo(61 * SECOND);
    }
}
