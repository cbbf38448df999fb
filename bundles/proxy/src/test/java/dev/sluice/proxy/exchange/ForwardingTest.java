package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.Rewriting;
import dev.sluice.proxy.exchange.ScriptedUpstream.Script;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes in both directions where nothing fails. */
@Timeout(60)
class ForwardingTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final CompletableFuture<String> seen = new CompletableFuture<>();

    private String seen() throws Exception {
        return seen.get(20, TimeUnit.SECONDS);
    }

    private Script answering(String answer) {
        return line -> {
            seen.complete(line.head());
            line.send(answer);
            line.isClosed();
        };
    }

    @Test
    void aRequestGoesOnWithPathQueryAndFieldsAsTheyCame() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(OK));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            String answer = client.get(
                            "/a%20b/%C3%A4?q=%zz&x=1",
                            "X-Own: 1",
                            "X-Own: 2",
                            "Accept-Encoding: gzip",
                            "Connection: X-Hop",
                            "X-Hop: stays",
                            "Keep-Alive: 5")
                    .answer();

            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("ok");
            assertThat(seen())
                    .startsWith("GET /a%20b/%C3%A4?q=%25zz&x=1 HTTP/1.1\r\n")
                    .contains("\r\nHost: shop.example\r\n")
                    .contains("\r\nX-Own: 1\r\n")
                    .contains("\r\nX-Own: 2\r\n")
                    .contains("\r\nAccept-Encoding: gzip\r\n")
                    .contains("\r\nVia: 1.1 sluice\r\n")
                    .contains("\r\nForwarded: for=127.0.0.1;host=shop.example;proto=http\r\n")
                    .contains("\r\nX-Forwarded-For: 127.0.0.1\r\n")
                    .contains("\r\nX-Forwarded-Host: shop.example\r\n")
                    .contains("\r\nX-Forwarded-Proto: http\r\n")
                    .doesNotContain("X-Hop", "Keep-Alive", "Connection:", "User-Agent", "Content-Length");
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("succeeded");
        }
    }

    @Test
    void anAnswerComesBackAsItIs() throws Exception {
        String sent =
                "HTTP/1.1 418 Teapot\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\nSet-Cookie: a=1; Path=/x\r\n"
                        + "Set-Cookie: b=2\r\nLocation: http://127.0.0.1/else\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
                        + "Server: theirs\r\nContent-Encoding: gzip\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
                        + "Proxy-Connection: keep-alive\r\nContent-Length: 3\r\n\r\nabc";
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(sent));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            String answer = client.get("/").answer();

            assertThat(answer)
                    .startsWith("HTTP/1.1 418 ")
                    .contains("\r\nSet-Cookie: a=1; Path=/x\r\n")
                    .contains("\r\nSet-Cookie: b=2\r\n")
                    .contains("\r\nLocation: http://127.0.0.1/else\r\n")
                    .contains("\r\nServer: theirs\r\n")
                    .contains("\r\nContent-Encoding: gzip\r\n")
                    .contains("\r\nVia: 1.1 sluice\r\n")
                    .containsOnlyOnce("Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n")
                    .containsOnlyOnce("Date:")
                    .containsPattern("\r\nContent-Type: text/plain; ?charset=\"?(UTF|utf)-8\"?\r\n")
                    .doesNotContain("X-Hop", "Proxy-Connection")
                    .endsWith("abc");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, HTTP/1.1 200 OK|Content-Length: 1000, true",
        "GET, HTTP/1.1 304 Not Modified|ETag: \"1\"|Content-Length: 1000, true",
        "GET, HTTP/1.1 204 No Content|X-Y: 1, false",
        "GET, HTTP/1.1 204 No Content|Content-Length: 1000, false"
    })
    void anAnswerWithoutABodyIsWhole(String method, String head, boolean keepsLength) throws Exception {
        Script script = line -> {
            for (int i = 0; i < 2; i++) {
                line.head();
                line.send(head.replace("|", "\r\n") + "\r\n\r\n");
            }
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            // Twice on the same connections: nothing is left between.
            for (int i = 0; i < 2; i++) {
                String answer = client.request(method, "/").head();
                assertThat(answer).startsWith(head.substring(0, 12));
                assertThat(answer.contains("Content-Length: 1000")).isEqualTo(keepsLength);
                assertThat(answer).doesNotContain("Transfer-Encoding");
                stage.awaitIdle(1);
            }
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(upstream.problems()).isEmpty();
        }
    }

    @Test
    void aBodyOfKnownLengthKeepsItsLength() throws Exception {
        Script script = line -> {
            seen.complete(line.head());
            line.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + line.read(5));
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.request("POST", "/", "Content-Length: 5")
                            .send("hello")
                            .answer())
                    .endsWith("\r\n\r\nhello");
            assertThat(seen()).contains("Content-Length: 5\r\n").doesNotContain("Transfer-Encoding", "Content-Type");
        }
    }

    @Test
    void anEmptyBodyIsSaidToBeEmpty() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(OK));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.request("POST", "/", "Content-Length: 0").status())
                    .isEqualTo(200);
            assertThat(seen()).contains("Content-Length: 0\r\n");
        }
    }

    @Test
    void chunksAndTrailersPassInBothDirections() throws Exception {
        CompletableFuture<String> body = new CompletableFuture<>();
        Script script = line -> {
            seen.complete(line.head());
            body.complete(line.readTo("0\r\n") + line.readTo("\r\n\r\n"));
            line.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                    + "4\r\nback\r\n0\r\nX-Sum: 42\r\n\r\n");
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Transfer-Encoding: chunked", "TE: trailers, deflate", "Connection: TE");
            client.send("5\r\nhello\r\n").send("6\r\n world\r\n").send("0\r\nX-In: 7\r\nHost: evil\r\n\r\n");

            String head = client.head();
            assertThat(head).contains("Transfer-Encoding: chunked").contains("Trailer: X-Sum");
            assertThat(client.readTo("0\r\n")).contains("back");
            assertThat(client.readTo("\r\n\r\n")).isEqualToIgnoringCase("X-Sum: 42\r\n\r\n");
            assertThat(seen())
                    .contains("Transfer-Encoding: chunked")
                    .contains("TE: trailers\r\n")
                    .contains("\r\nConnection: TE\r\n");
            assertThat(body.get(20, TimeUnit.SECONDS))
                    .contains("hello")
                    .contains(" world")
                    .containsIgnoringCase("X-In: 7\r\n")
                    .doesNotContain("evil");
        }
    }

    @Test
    void anAnswerThatEndsWithItsConnectionIsPassedOn() throws Exception {
        Script script = line -> {
            line.head();
            line.send("HTTP/1.0 200 OK\r\n\r\nold school");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/").answer()).contains("old school").contains("Via: 1.0 sluice");
        }
    }

    @Test
    void anEventIsFlushedWhenTheUpstreamPauses() throws Exception {
        CompletableFuture<Void> next = new CompletableFuture<>();
        CompletableFuture<Void> left = new CompletableFuture<>();
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            next.get(20, TimeUnit.SECONDS);
            line.send("9\r\ndata: 1\n\n\r\n");
            left.get(20, TimeUnit.SECONDS);
            // A client that has left is noticed, at the latest, by what can't be written.
            while (!stop.isDone()) {
                line.send("9\r\ndata: 2\n\n\r\n");
                Thread.yield();
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/").head()).contains("text/event-stream");
            next.complete(null);
            assertThat(client.readTo("\n\n")).contains("data: 1");
            client.close();
            left.complete(null);
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
            stop.complete(null);
        }
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        Script script = line -> {
            for (int i = 0; i < 50; i++) {
                line.head();
                line.send(OK);
            }
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            // The next request may come while a connection is being put back.
            assertThat(upstream.connections()).isLessThan(10);
        }
    }

    @Test
    void earlyHintsDontReplaceTheAnswer() throws Exception {
        String answer = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK;
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(answer));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/").answer()).startsWith("HTTP/1.1 200 ").doesNotContain("a.css");
        }
    }

    @Test
    void theUpstreamsOwnHostBasePathAndTheStrippedPrefixArePutIn() throws Exception {
        Rewriting rewriting = new Rewriting(Rewriting.Host.UPSTREAM, Rewriting.Forwarded.APPEND, "edge", true, true);
        String answer = "HTTP/1.1 302 Found\r\nLocation: /base/login?x=1\r\nSet-Cookie: s=1; Path=/base; Secure\r\n"
                + "Set-Cookie: t=1; Domain=127.0.0.1; Path=/base/in\r\nContent-Length: 0\r\n\r\n";
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(answer));
                Stage stage = new Stage()
                        .upstream("127.0.0.1", upstream.port(), "/base")
                        .strip("/shop")
                        .rewriting(rewriting);
                Client client = stage.client()) {
            String got = client.get("/shop/cart;v=1/x", "X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1")
                    .answer();

            assertThat(seen())
                    .startsWith("GET /base/cart;v=1/x HTTP/1.1\r\n")
                    .contains("\r\nHost: 127.0.0.1:" + upstream.port() + "\r\n")
                    .contains("\r\nX-Forwarded-For: 10.0.0.1, 127.0.0.1\r\n")
                    .contains("\r\nForwarded: for=10.0.0.1, for=127.0.0.1;host=shop.example;proto=http\r\n")
                    .contains("\r\nX-Forwarded-Prefix: /shop\r\n")
                    .contains("\r\nVia: 1.1 edge\r\n");
            assertThat(got)
                    .contains("\r\nLocation: /shop/login?x=1\r\n")
                    .contains("\r\nSet-Cookie: s=1; Path=/shop; Secure\r\n")
                    .contains("\r\nSet-Cookie: t=1; Path=/shop/in\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, Upgrade: websocket|Connection: upgrade, 501",
        "POST, /, Transfer-Encoding: gzip|Transfer-Encoding: chunked, 501",
        "TRACE, /, Max-Forwards: 0, 405",
        "OPTIONS, /, Max-Forwards: 0, 405",
        "GET, /a;x=%2f../b, X: 1, 400"
    })
    void whatIsNotForwardedIsSaid(String method, String path, String headers, int status) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(OK));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.request(method, path, headers.split("\\|")).status())
                    .isEqualTo(status);
            assertThat(upstream.connections()).isZero();
            Stage.await("the visit's end", () -> stage.visits() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "TRACE"})
    void otherUpgradesAreIgnoredAndHopsCounted(String method) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(OK));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request(method, "/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "Max-Forwards: 3");
            assertThat(client.status()).isEqualTo(200);
            assertThat(seen()).doesNotContain("Upgrade").contains("Max-Forwards: " + (method.equals("TRACE") ? 2 : 3));
        }
    }

    @Test
    void theSchemeIsTheConnectionsAndNotTheTargets() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(OK));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("https://shop.example/abs").status()).isEqualTo(200);
            assertThat(seen())
                    .startsWith("GET /abs HTTP/1.1\r\n")
                    .contains(";proto=http\r\n")
                    .contains("\r\nX-Forwarded-Proto: http\r\n")
                    .contains("\r\nX-Forwarded-Port: 80\r\n");
        }
    }

    @Test
    void aTargetOfAnotherSchemeIsRefused() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(OK));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("ftp://shop.example/abs").status()).isEqualTo(400);
            assertThat(upstream.connections()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 200", "11, 508"})
    void aRequestThatGoesRoundInCirclesIsStopped(int times, int status) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(OK));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.get("/", "Via: 1.1 sluice, 2.0 other" + ", 1.1 Sluice (a)".repeat(times - 2), "Via: 1.1 sluice");
            assertThat(client.status()).isEqualTo(status);
        }
    }
}
