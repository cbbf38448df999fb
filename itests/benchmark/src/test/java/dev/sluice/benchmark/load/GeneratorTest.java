package dev.sluice.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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

    private static final String BODY = "abc";

    private final AtomicInteger asked = new AtomicInteger();
    /** A look at the clock takes a millisecond, whatever the machine does meanwhile; the tenth answer takes half a second. */
    private final AtomicLong clock = new AtomicLong();

    private ServerSocket server;
    private Thread thread;

    /** Answers by the number of the request; closes the connection instead of the fifth, and in the body of the sixth. */
    @BeforeEach
    void start() throws Exception {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    serve(socket);
                } catch (IOException closed) {
                    // By the test, or by the client.
                }
            }
        });
        thread.start();
    }

    private void serve(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        while (in.readLine() != null) {
            while (!in.readLine().isEmpty()) {
                // A header.
            }
            int number = asked.incrementAndGet();
            if (number == 5) {
                return;
            }
            if (number == 10) {
                clock.addAndGet(500_000_000);
            }
            // In one piece: a second one would wait until the first is acknowledged.
            String answer = head(number) + (number == 6 ? "" : BODY);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            if (number == 6) {
                return;
            }
        }
    }

    private static String head(int number) {
        return "HTTP/1.1 " + (number == 4 ? 500 : 200) + " Said\r\n"
                + (number == 2 ? "" : "X-First: " + (number < 8 ? "1.0.0" : "3.0.0") + "\r\n")
                + "X-Last: " + (number == 3 ? "2.0.0" : number < 8 ? "1.0.0" : "3.0.0") + "\r\n"
                + "Content-Length: " + BODY.length() + "\r\n\r\n";
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        thread.join();
    }

    private Watched load(Duration warmUp, Duration length, int status) throws InterruptedException {
        URI target = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
        return new Generator(new Generator.Wanted(target, 1, warmUp, length, status), () -> clock.addAndGet(1_000_000))
                .run();
    }

    @Test
    void countsFailedUnfilteredAndMixedAnswers() throws InterruptedException {
        Watched seen = load(Duration.ZERO, Duration.ofMillis(1000), 200);

        assertThat(seen.unfiltered()).isOne();
        assertThat(seen.mixed()).isOne();
        assertThat(seen.statuses()).as("the fourth, and what broke off").containsOnly(entry(500, 1L), entry(200, 1L));
        assertThat(seen.outcome().failed()).isEqualTo(2);
        assertThat(seen.wrong()).isEqualTo(4);
        assertThat(seen.outcome().requests()).as("without the three").isEqualTo(asked.get() - 3);
        assertThat(seen.failingMillis()).as("both within ten milliseconds").isBetween(10L, 20L);
    }

    @Test
    void sendsAgainWhatMetAConnectionThatWasClosedMeanwhile() throws InterruptedException {
        assertThat(load(Duration.ZERO, Duration.ofMillis(1000), 200).sentAgain())
                .as("the fifth; the sixth had begun to be answered")
                .isOne();
    }

    @Test
    void takesTheTimeOfWhatIsAnswered() throws InterruptedException {
        Outcome outcome = load(Duration.ZERO, Duration.ofMillis(1000), 200).outcome();

        assertThat(outcome.p50()).isCloseTo(1000, withinPercentage(1));
        assertThat(outcome.max()).isEqualTo(501_000);
        assertThat(outcome.seconds()).isGreaterThan(1);
    }

    @Test
    void takesNoTimesWhileItsOwnJvmIsCold() throws InterruptedException {
        Outcome outcome =
                load(Duration.ofMillis(600), Duration.ofMillis(100), 200).outcome();

        assertThat(outcome.max()).isEqualTo(1000);
        assertThat(outcome.seconds()).isLessThan(0.2);
        assertThat(outcome.requests()).isLessThan(asked.get() - 10);
        assertThat(outcome.failed()).as("all of them count").isEqualTo(2);
    }

    @Test
    void tellsWhenAVersionFirstAnsweredAsItShould() throws InterruptedException {
        long before = System.currentTimeMillis();
        Watched seen = load(Duration.ZERO, Duration.ofMillis(1000), 200);

        assertThat(seen.firstSeen()).as("2.0.0 was in a mixed answer only").containsOnlyKeys("1.0.0", "3.0.0");
        assertThat(seen.firstSeen().values()).allMatch(time -> before <= time && time <= System.currentTimeMillis());
        assertThat(seen.firstSeen().get("1.0.0"))
                .isLessThanOrEqualTo(seen.firstSeen().get("3.0.0"));
    }

    @Test
    void whereAllIsToBeDeniedAnythingWith200GotThrough() throws InterruptedException {
        Watched seen = load(Duration.ZERO, Duration.ofMillis(1000), 403);

        assertThat(seen.letThrough()).as("what broke off, too").isEqualTo(asked.get() - 2);
        assertThat(seen.outcome().requests()).isZero();
        assertThat(seen.firstSeen()).isEmpty();
    }

    @Test
    void countsWhatIsNotAnsweredAtAll() throws Exception {
        stop();

        Watched seen = load(Duration.ZERO, Duration.ofMillis(5), 200);

        assertThat(seen.outcome().requests()).isZero();
        assertThat(seen.outcome().failed()).isPositive();
        assertThat(seen.statuses()).containsOnlyKeys(0);
        assertThat(seen.letThrough()).isZero();
    }
}
