package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.ScriptedUpstream.Script;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/1.0, and requests that ask for no path. */
@Timeout(60)
class OddRequestsTest {

    private static final Script CHUNKED = line -> {
        line.head();
        line.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
                .send("5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n")
                .isClosed();
    };

    @Test
    void anAnswerOfUnknownLengthToAClientOf10EndsWithTheConnection() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Script slow = line -> {
            line.head();
            line.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n");
            begun.get(20, TimeUnit.SECONDS);
            line.send("1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n").isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(slow);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\nTE: trailers\r\nConnection: keep-alive, TE\r\n\r\n");
            assertThat(client.head())
                    .startsWith("HTTP/1.1 200")
                    .doesNotContain("chunked")
                    .doesNotContain("Content-Length");
            assertThat(client.read(5)).isEqualTo("hello");
            begun.complete(null);
            assertThat(client.readToEnd()).isEqualTo("!");
        }
    }

    @Test
    void aTransferCodingOf10IsRefused() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(CHUNKED);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.send("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400");
            assertThat(upstream.connections()).isZero();
        }
    }

    @Test
    void optionsOfTheServerGoToNoUpstream() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(CHUNKED);
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            assertThat(client.request("OPTIONS", "*").answer()).startsWith("HTTP/1.1 404");
            assertThat(upstream.connections()).isZero();
        }
    }
}
