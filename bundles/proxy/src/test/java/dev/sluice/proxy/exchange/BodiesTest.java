package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.ScriptedUpstream.Script;
import dev.sluice.proxy.fixture.Said;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are large, slow, expected, or not wanted any more. */
@Timeout(60)
class BodiesTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int CHUNK = 64 * 1024;
    private static final int CHUNKS = 512;

    private final CompletableFuture<String> seen = new CompletableFuture<>();

    @Test
    void largeBodiesPassInBothDirections() throws Exception {
        byte[] block = "x".repeat(CHUNK).getBytes();
        Script echo = line -> {
            line.head();
            line.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) CHUNK * CHUNKS + "\r\n\r\n");
            for (int i = 0; i < CHUNKS; i++) {
                line.send(line.read(CHUNK));
            }
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(echo);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Content-Length: " + (long) CHUNK * CHUNKS);
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < CHUNKS; i++) {
                        client.send(block);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            client.head();
            for (int i = 0; i < CHUNKS; i++) {
                assertThat(client.read(CHUNK).chars().allMatch(c -> c == 'x')).isTrue();
            }
            sent.get(20, TimeUnit.SECONDS);
            assertThat(upstream.problems()).isEmpty();
            Stage.await("success", () -> stage.upstream(0).said().contains("succeeded"));
        }
    }

    @Test
    void aSlowClientSlowsTheUpstream() throws Exception {
        byte[] block = new byte[CHUNK];
        AtomicLong sent = new AtomicLong();
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 200 OK\r\nContent-Length: " + (1L << 30) + "\r\n\r\n");
            while (true) {
                line.send(block);
                sent.addAndGet(CHUNK);
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.get("/").head();
            // Until the sockets' buffers on both sides are full, and nothing moves any more.
            long before = -1;
            while (sent.get() != before) {
                before = sent.get();
                assertThat(before).isLessThan(32L << 20);
                CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS))
                        .get();
            }
            // The client leaves: so does the request.
            client.close();
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
        }
    }

    @Test
    void aBodyWithALengthIsReadToItsEndWhileTheUpstreamThinks() throws Exception {
        CompletableFuture<Void> thought = new CompletableFuture<>();
        Script script = line -> {
            line.head();
            line.read(5);
            thought.get(20, TimeUnit.SECONDS);
            line.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Content-Length: 5").send("hello");
            Stage.await("the body's end", stage::isBodyRead);
            thought.complete(null);
            assertThat(client.answer()).endsWith("ok");
        }
    }

    @Test
    void aClientThatLeavesInItsUploadTakesTheUpstreamsConnectionAlong() throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        Script script = line -> {
            line.head();
            line.read(5);
            closed.complete(line.isClosed());
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port())) {
            try (Client client = stage.client()) {
                client.request("POST", "/", "Content-Length: 100").send("hello");
                Stage.await("the upstream", () -> upstream.connections() == 1);
            }
            assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
        }
    }

    @Test
    void aClientThatSendsNothingIsNotTheUpstreamsFault() throws Exception {
        Script script = line -> {
            line.head();
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port()).idle(Duration.ofMillis(300));
                Client client = stage.client();
                Said said = new Said(Exchange.class)) {
            String answer = client.request("POST", "/", "Content-Length: 100").answer();
            assertThat(answer).startsWith("HTTP/1.1 408").contains("Connection: close");
            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .startsWith("INFO")
                    .contains("408 for POST /");
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
        }
    }

    @Test
    void aBodyIsAskedForWhenTheUpstreamAsksForIt() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        Script script = line -> {
            seen.complete(line.head());
            go.get(20, TimeUnit.SECONDS);
            line.send("HTTP/1.1 100 Continue\r\n\r\n");
            line.send(line.read(5).equals("hello") ? OK : "");
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Content-Length: 5", "Expect: 100-continue");
            assertThat(seen.get(20, TimeUnit.SECONDS)).contains("Expect: 100-continue");
            go.complete(null);
            assertThat(client.head()).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("hello").status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyIsAskedForWhenTheUpstreamIgnoresThatItIsExpectedTo() throws Exception {
        Script script = line -> {
            line.head();
            line.read(5);
            line.send(OK).isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Content-Length: 5", "Expect: 100-continue");
            assertThat(client.head()).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("hello").status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatTheUpstreamDoesNotWantIsNotAskedFor() throws Exception {
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Content-Length: 5", "Expect: 100-continue");
            assertThat(client.answer()).startsWith("HTTP/1.1 401 ").endsWith("no");
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("succeeded");
        }
    }

    @Test
    void whatIsExpectedCanBeSentElsewhere() throws Exception {
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 100 Continue\r\n\r\n");
            line.read(5);
            line.send(OK).isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(ScriptedUpstream.closedPort(), upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Content-Length: 5", "Expect: 100-continue");
            assertThat(client.head()).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("hello").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
    void anAnswerBeforeTheRequestsEndIsPassedOnAndTheRestCutOff(String framing) throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        Script script = line -> {
            line.head();
            line.read(3);
            line.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            // What the upstream had not read of the body may come first.
            while (!line.isClosed()) {
                Thread.onSpinWait();
            }
            closed.complete(true);
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", framing).send("5\r\nhello\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 413 ").endsWith("no");
            assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("succeeded");
        }
    }

    @Test
    void anEarlyAnswerComesAlsoFromOneThatClosesAtOnce() throws Exception {
        Script script = line -> {
            line.head();
            line.read(5);
            line.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 20000\r\n\r\n");
            line.send("x".repeat(20_000));
            // What hasn't been read makes a reset of it.
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port())) {
            for (int i = 0; i < 20; i++) {
                try (Client client = stage.client()) {
                    client.request("POST", "/", "Content-Length: 5000000");
                    CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                        try {
                            client.send(new byte[5_000_000]);
                        } catch (IOException e) {
                            // Not wanted any more.
                        }
                    });
                    assertThat(client.answer()).startsWith("HTTP/1.1 413 ").endsWith("x".repeat(20_000));
                    client.close();
                    sent.get(20, TimeUnit.SECONDS);
                }
            }
            Stage.await("the end of all", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).doesNotContain("failed");
        }
    }

    @Test
    void aBodyThatIsNoneEndsBothConnections() throws Exception {
        Script script = line -> {
            line.head();
            line.readTo("never");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Transfer-Encoding: chunked").send("zz\r\nhello\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 400 ");
            // The container can't tell where the next request begins, and neither can anybody else.
            assertThat(client.isEnded()).isTrue();
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
        }
    }

    @Test
    void aBodyThatAMiddlewareHasReadIsNotSentShort() throws Exception {
        Script script = line -> {
            line.head();
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port()).wrapping(BodiesTest::read);
                Client client = stage.client();
                Said said = new Said(Exchange.class)) {
            client.request("POST", "/", "Content-Length: 5").send("hello");
            assertThat(client.status()).isEqualTo(500);
            assertThat(said.lines()).singleElement().asString().contains("the body's 5 bytes", "a middleware");
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
        }
    }

    private static HttpServletRequest read(HttpServletRequest request) {
        try {
            request.getInputStream().readAllBytes();
            return request;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void manySlowUploadsHoldNoThread() throws Exception {
        AtomicInteger served = new AtomicInteger();
        Script script = line -> {
            while (true) {
                line.head();
                line.read(5);
                // Before the answer, which the client may have before this thread goes on.
                served.incrementAndGet();
                line.send(OK);
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port()).connections(400, 400)) {
            Client[] clients = new Client[300];
            for (int i = 0; i < clients.length; i++) {
                clients[i] =
                        stage.client().request("POST", "/", "Content-Length: 5").send("hel");
            }
            Stage.await("all on their way", () -> stage.upstream(0).inFlight() == clients.length);
            // Those that are in an exchange; how many there are besides is a matter of how fast the requests came.
            Stage.await("no thread to wait in an exchange", () -> Thread.getAllStackTraces().entrySet().stream()
                    .filter(thread -> thread.getKey().getName().matches("(proxy|qtp).*"))
                    .flatMap(thread -> Arrays.stream(thread.getValue()))
                    .noneMatch(frame -> frame.getClassName().startsWith(Exchange.class.getPackageName() + ".")));
            for (Client client : clients) {
                assertThat(client.send("lo").status()).isEqualTo(200);
                client.close();
            }
            assertThat(served).hasValue(clients.length);
        }
    }
}
