package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.ScriptedUpstream.Line;
import dev.sluice.proxy.exchange.ScriptedUpstream.Script;
import dev.sluice.proxy.fixture.Said;
import dev.sluice.proxy.upstream.RetryBudget;
import java.io.EOFException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that fail, and what is tried again. */
@Timeout(60)
class FailingUpstreamTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static void ok(Line line) throws Exception {
        String head = line.head();
        if (head.contains("Content-Length: 5")) {
            line.read(5);
        }
        line.send(OK).isClosed();
    }

    private static void assertRefused(Stage stage, int status, String saidOfUpstream) throws Exception {
        try (Client client = stage.client()) {
            String answer = client.get("/").answer();
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status)
                    .contains("application/problem+json")
                    .contains("\"status\":" + status)
                    .contains("\"incident\":\"")
                    .doesNotContain("127.0.0.1");
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly(saidOfUpstream);
            assertThat(stage.upstream(0).inFlight()).isZero();
            // The client's connection is still good.
            assertThat(client.get("/").status()).isEqualTo(status);
        }
    }

    @Test
    void oneThatRefusesConnectionsIs502() throws Exception {
        try (Stage stage = new Stage(ScriptedUpstream.closedPort())) {
            assertRefused(stage, 502, "failed");
        }
    }

    @Test
    void oneWhoseNameIsUnknownIs502() throws Exception {
        try (Stage stage = new Stage().upstream("no-such-host.invalid", 80, "")) {
            assertRefused(stage, 502, "failed");
        }
    }

    @Test
    void oneThatResetsIs502() throws Exception {
        Script script = line -> {
            line.head();
            line.reset();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port())) {
            assertRefused(stage, 502, "failed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void oneThatSpeaksNoHttpIs502(String garbage) throws Exception {
        Script script = line -> {
            line.head();
            line.send(garbage);
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port())) {
            assertRefused(stage, 502, "failed");
        }
    }

    @Test
    void oneThatSaysNothingIs504() throws Exception {
        Script script = line -> line.readTo("never");
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port()).idle(Duration.ofMillis(300))) {
            assertRefused(stage, 504, "failed");
        }
    }

    @Test
    void oneThatTakesLongerThanTheWholeMayIs504() throws Exception {
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 ");
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port()).whole(Duration.ofMillis(300))) {
            assertRefused(stage, 504, "failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"})
    void afterHalfAnAnswerTheClientsConnectionIsCutOff(String half) throws Exception {
        CompletableFuture<Void> more = new CompletableFuture<>();
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 200 OK\r\n" + half);
            more.get(20, TimeUnit.SECONDS);
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.get("/").readTo("half");
            more.complete(null);
            // Nothing that could be taken for the end: neither a last chunk nor another answer.
            assertThat(client.isEnded()
                            || client.read(1).equals("\r") && client.read(1).equals("\n") && client.isEnded())
                    .isTrue();
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("failed");
        }
    }

    @Test
    void oneThatNeverComesToItsFinalAnswerIs502() throws Exception {
        Script script = line -> {
            line.head();
            while (true) {
                line.send("HTTP/1.1 103 Early Hints\r\n\r\n");
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);
            Stage.await("failure", () -> stage.upstream(0).said().contains("failed"));
        }
    }

    @Test
    void aFullQueueIs503AndNotTheUpstreamsFault() throws Exception {
        CompletableFuture<Void> isAsked = new CompletableFuture<>();
        CompletableFuture<Void> free = new CompletableFuture<>();
        Script script = line -> {
            while (true) {
                line.head();
                isAsked.complete(null);
                free.get(20, TimeUnit.SECONDS);
                line.send(OK);
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port()).connections(1, 1);
                Client first = stage.client();
                Client second = stage.client();
                Client third = stage.client()) {
            first.get("/");
            // Not before: until its connection is there and used, the first itself takes the only place in the queue.
            isAsked.get(20, TimeUnit.SECONDS);
            second.get("/");
            Stage.await("the second", () -> stage.queued() == 1);
            assertThat(third.get("/").answer()).startsWith("HTTP/1.1 503").contains("Retry-After: 1");
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
            free.complete(null);
            assertThat(first.status()).isEqualTo(200);
            assertThat(second.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void anyRequestThatWasNeverSentIsSentElsewhere(String method) throws Exception {
        try (ScriptedUpstream good = new ScriptedUpstream(FailingUpstreamTest::ok);
                Stage stage = new Stage(ScriptedUpstream.closedPort(), good.port());
                Client client = stage.client()) {
            client.request(method, "/", method.equals("POST") ? "Content-Length: 5" : "X: 1");
            client.send(method.equals("POST") ? "hello" : "");
            assertThat(client.status()).isEqualTo(200);
            assertThat(stage.upstream(0).said()).containsExactly("failed");
            Stage.await("the other's end", () -> stage.upstream(1).said().contains("succeeded"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void whatMayBeDoneTwiceIsSentElsewhere(String method) throws Exception {
        Script reset = line -> {
            line.head();
            line.reset();
        };
        try (ScriptedUpstream bad = new ScriptedUpstream(reset);
                ScriptedUpstream good = new ScriptedUpstream(FailingUpstreamTest::ok);
                Stage stage = new Stage(bad.port(), good.port());
                Client client = stage.client()) {
            assertThat(client.request(method, "/").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, hello", "PATCH, hello", "POST, ''", "PATCH, ''", "PUT, hello", "GET, hello"})
    void whatMayNotBeDoneTwiceIsNot(String method, String body) throws Exception {
        Script reset = line -> {
            line.head();
            line.read(body.length());
            line.reset();
        };
        try (ScriptedUpstream bad = new ScriptedUpstream(reset);
                ScriptedUpstream good = new ScriptedUpstream(FailingUpstreamTest::ok);
                Stage stage = new Stage(bad.port(), good.port());
                Client client = stage.client()) {
            client.request(method, "/", "Content-Length: " + body.length()).send(body);
            assertThat(client.status()).isEqualTo(502);
            assertThat(bad.connections()).isEqualTo(1);
            assertThat(stage.upstream(1).said()).isEmpty();
        }
    }

    @Test
    void whenTheTimeForTheWholeIsOverNothingIsTriedAgain() throws Exception {
        try (ScriptedUpstream silent = new ScriptedUpstream(line -> line.readTo("never"));
                ScriptedUpstream good = new ScriptedUpstream(FailingUpstreamTest::ok);
                Stage stage = new Stage(silent.port(), good.port()).whole(Duration.ofMillis(300));
                Client client = stage.client()) {
            assertThat(client.get("/").status()).isEqualTo(504);
            assertThat(stage.upstream(1).said()).isEmpty();
        }
    }

    @Test
    void whereTheBudgetHasNothingLeftNothingIsTriedAgain() throws Exception {
        try (ScriptedUpstream good = new ScriptedUpstream(FailingUpstreamTest::ok);
                Stage stage = new Stage(ScriptedUpstream.closedPort(), good.port())
                        .budget(new RetryBudget(0, System::nanoTime));
                Client client = stage.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);
            assertThat(stage.upstream(1).said()).isEmpty();
        }
    }

    /** More of them than are free. */
    @Test
    void theBudgetGrowsWithTheRequests() throws Exception {
        Script script = line -> {
            while (true) {
                line.head();
                line.send(OK);
            }
        };
        try (ScriptedUpstream good = new ScriptedUpstream(script);
                Stage stage =
                        new Stage(ScriptedUpstream.closedPort(), good.port()).budget(new RetryBudget(100, () -> 0));
                Client client = stage.client()) {
            for (int i = 0; i < 40; i++) {
                assertThat(client.get("/").status()).as("request %s", i).isEqualTo(200);
            }
        }
    }

    @Test
    void retriesAreCounted() throws Exception {
        int[] closed = {ScriptedUpstream.closedPort(), ScriptedUpstream.closedPort(), ScriptedUpstream.closedPort()};
        try (Stage stage = new Stage(closed).retries(1);
                Client client = stage.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);
            assertThat(stage.upstream(1).said()).containsExactly("failed");
            assertThat(stage.upstream(2).said()).isEmpty();
        }
    }

    @Test
    void aKeptConnectionThatIsClosedUnderTheNextRequestIsNoFailure() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Script once = line -> {
            line.head();
            line.send(OK);
            line.head();
            requests.incrementAndGet();
            // Closes, as a server does that had decided so when the request was on its way.
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(once, FailingUpstreamTest::ok);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            stage.awaitIdle(1);
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(requests).hasValue(1);
            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void keptConnectionsThatWereAllClosedAreNoFailureEither() throws Exception {
        CompletableFuture<Void> allAreAsked = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();
        Script once = line -> {
            line.head();
            if (asked.incrementAndGet() == 4) {
                allAreAsked.complete(null);
            }
            allAreAsked.get(20, TimeUnit.SECONDS);
            line.send(OK);
            line.head();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(once, once, once, once, FailingUpstreamTest::ok);
                Stage stage = new Stage(upstream.port()).retries(1);
                Client first = stage.client();
                Client second = stage.client();
                Client third = stage.client();
                Client fourth = stage.client()) {
            List<Client> clients = List.of(first, second, third, fourth);
            for (Client client : clients) {
                client.get("/");
            }
            for (Client client : clients) {
                assertThat(client.status()).isEqualTo(200);
            }
            stage.awaitIdle(4);
            assertThat(first.get("/").status()).isEqualTo(200);
            assertThat(upstream.connections()).isEqualTo(5);
            Stage.await("the last one's end", () -> stage.upstream(0).said().size() == 9);
            assertThat(stage.upstream(0).said()).doesNotContain("failed");
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 504", "HTTP/1.1 200 OK|Content-Length: x||, 502", "HTTP/1.1, 502"})
    void oneThatFailsOnAKeptConnectionIsNotAskedTwice(String half, int status) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Script script = line -> {
            line.head();
            line.send(OK);
            line.head();
            requests.incrementAndGet();
            line.send(half.replace("|", "\r\n"));
            if (status == 504) {
                line.isClosed();
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script, FailingUpstreamTest::ok);
                Stage stage = new Stage(upstream.port()).idle(Duration.ofMillis(500));
                Client client = stage.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            stage.awaitIdle(1);
            assertThat(client.get("/").status()).isEqualTo(status);
            assertThat(requests).hasValue(1);
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void nothingOfAFailedAnswerIsInTheOneGivenInItsPlace() throws Exception {
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 401 No\r\nServer: theirs\r\nX-Backend: 7\r\nSet-Cookie: a=1\r\nLocation: /x\r\n"
                    + "WWW-Authenticate: Basic\r\nVia: 1.1 theirs\r\nTrailer: X-Sum\r\nContent-Type: text/html\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\nno chunk\r\n");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port())) {
            // If the library reads on only after the head is flushed, it's too late: that answer is cut off.
            Optional<String> answer = Optional.empty();
            while (answer.isEmpty()) {
                answer = wholeAnswer(stage);
            }
            assertThat(answer.get())
                    .startsWith("HTTP/1.1 502")
                    .containsOnlyOnce("Content-Type: application/problem+json\r\n")
                    .doesNotContain(
                            "Server:", "X-Backend", "Set-Cookie", "Location", "WWW-Authenticate", "Via", "Trailer");
        }
    }

    private static Optional<String> wholeAnswer(Stage stage) throws Exception {
        try (Client client = stage.client()) {
            return Optional.of(client.get("/").answer());
        } catch (EOFException cutOff) {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15_000, 17_000})
    void aHeadLargerThanWhatTheClientCanBeSentIs502(int length) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(line -> largeHead(line, length));
                Stage stage = new Stage(upstream.port())) {
            assertRefused(stage, 502, "failed");
        }
    }

    @Test
    void aLargeHeadThatTheClientCanBeSentIsPassedOn() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(line -> largeHead(line, 13_900));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/").answer()).startsWith("HTTP/1.1 200").contains("x".repeat(13_900));
        }
    }

    private static void largeHead(Line line, int length) throws Exception {
        line.head();
        line.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Large: " + "x".repeat(length) + "\r\n\r\n");
        line.isClosed();
    }

    @Test
    void whatWasWrongWithAnAnswerIsSaid() throws Exception {
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client();
                Said said = new Said(Exchange.class)) {
            assertThat(client.get("/").status()).isEqualTo(502);
            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .contains("incident", "Content-Length")
                    .doesNotContain("HttpConnection");
        }
    }
}
