package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.ScriptedUpstream.Script;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads in both directions, to the byte. */
@Timeout(60)
class HeadsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final CompletableFuture<String> seen = new CompletableFuture<>();

    private Script answering(String answer) {
        return line -> {
            seen.complete(line.head());
            line.send(answer);
            line.isClosed();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, HTTP/1.1 200 OK|ETag: \"1\"",
        "HEAD, HTTP/1.1 200 OK|Transfer-Encoding: chunked",
        "HEAD, HTTP/1.1 404 Not Found|X: 1",
        "HEAD, HTTP/1.1 304 Not Modified|ETag: \"1\"",
        "GET, HTTP/1.1 304 Not Modified|ETag: \"1\"",
        "GET, HTTP/1.1 204 No Content|ETag: \"1\""
    })
    void noLengthIsInventedWhereTheUpstreamHasSaidNone(String method, String head) throws Exception {
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
                assertThat(answer).startsWith(head.substring(0, 12)).doesNotContain("Content-Length", "close");
            }
            assertThat(upstream.problems()).isEmpty();
        }
    }

    @Test
    void anEmptyAnswerToGetHasTheLengthThatItHas() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(
                        answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/").answer()).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X.Forwarded.For: 6.6.6.6",
                "X.Forwarded-Proto: 6.6.6.6",
                "X~Forwarded|Host: 6.6.6.6",
                "x_forwarded'for: 6.6.6.6",
                "X-Forwarded*: 6.6.6.6",
                "X-Forwarded_: 6.6.6.6"
            })
    void whatAnUpstreamCouldTakeForAForwardedFieldIsDropped(String field) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(OK));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/", field).status()).isEqualTo(200);
            assertThat(seen.get(20, TimeUnit.SECONDS)).doesNotContain("6.6.6.6");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X_Forwarded_For", "X.Forwarded.Proto", "Content_Length", "Transfer.Encoding", "Via", "Host"})
    void norMayATrailerBeTakenForAFieldOfTheHead(String name) throws Exception {
        CompletableFuture<String> trailers = new CompletableFuture<>();
        Script script = line -> {
            line.head();
            trailers.complete(line.readTo("0\r\n") + line.readTo("\r\n\r\n"));
            line.send(OK).isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.request("POST", "/", "Transfer-Encoding: chunked");
            client.send("2\r\nok\r\n0\r\nX-Sum: 7\r\n" + name + ": 6.6.6.6\r\n\r\n");
            assertThat(client.status()).isEqualTo(200);
            assertThat(trailers.get(20, TimeUnit.SECONDS))
                    .containsIgnoringCase("X-Sum: 7\r\n")
                    .doesNotContain("6.6.6.6");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/HTML; Charset=ISO-8859-1",
                "text/html;charset=utf-8",
                "text/html; charset=UTF-8",
                "application/json; charset=utf-8",
                "Text/Plain",
                "x;;y"
            })
    void aContentTypeStaysAsItIs(String type) throws Exception {
        String sent = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: 2\r\n\r\nok";
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(sent));
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.get("/").answer()).contains("\r\nContent-Type: " + type + "\r\n");
        }
    }

    @Test
    void aContentTypeGetsNothingFromTheOneThatWasSetBefore() throws Exception {
        String sent = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 2\r\n\r\nok";
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(sent));
                Stage stage =
                        new Stage(upstream.port()).answering(before -> before.setContentType("text/x;charset=utf-8"));
                Client client = stage.client()) {
            assertThat(client.get("/").answer()).contains("\r\nContent-Type: image/png\r\n");
        }
    }

    @Test
    void equalFieldsStayAsManyAsTheyAre() throws Exception {
        String sent = "HTTP/1.1 200 OK\r\nLink: </a>\r\nLink: </a>\r\nlink: </a>\r\nX-Own: 1\r\nX-Own: 2\r\n"
                + "Content-Length: 2\r\n\r\nok";
        try (ScriptedUpstream upstream = new ScriptedUpstream(answering(sent));
                Stage stage = new Stage(upstream.port()).answering(before -> before.setHeader("x-own", "1"));
                Client client = stage.client()) {
            String answer = client.get("/").answer();
            assertThat(answer.toLowerCase().split("\r\nlink: </a>", -1)).hasSize(4);
            // What a middleware has set already isn't doubled.
            assertThat(answer.toLowerCase().split("\r\nx-own: 1\r\n", -1)).hasSize(2);
            assertThat(answer.toLowerCase()).contains("\r\nx-own: 2\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: identity"
            })
    void anAnswerInAnotherTransferCodingIsAFailureOfTheUpstream(String coding) throws Exception {
        Script script = line -> {
            seen.complete(line.head());
            line.send("HTTP/1.1 200 OK\r\n" + coding + "\r\n\r\n2\r\nzz\r\n0\r\n\r\n");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.request("POST", "/", "Content-Length: 0").status())
                    .isEqualTo(502);
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("failed");
        }
    }

    /** So many as 14 KB have room for. */
    @Test
    void eachFieldOfAnAnswerIsLookedAtOnce() throws Exception {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 1_500; i++) {
            fields.append(Integer.toString(i, 36)).append(":1\r\n");
        }
        int[] asked = new int[1];
        try (ScriptedUpstream upstream = new ScriptedUpstream(
                        answering("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 2\r\n\r\nok"));
                Stage stage = new Stage(upstream.port()).wrappingAnswers(response -> counting(response, asked));
                Client client = stage.client()) {
            assertThat(client.get("/").answer()).contains("\r\n15n: 1\r\n");
            assertThat(asked[0]).isLessThan(20);
        }
    }

    private static HttpServletResponse counting(HttpServletResponse response, int[] asked) {
        return new jakarta.servlet.http.HttpServletResponseWrapper(response) {
            @Override
            public java.util.Collection<String> getHeaders(String name) {
                asked[0]++;
                return super.getHeaders(name);
            }
        };
    }
}
