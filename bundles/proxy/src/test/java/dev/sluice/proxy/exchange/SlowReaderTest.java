package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.ScriptedUpstream.Script;
import dev.sluice.proxy.fixture.Said;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that take their time to read. */
@Timeout(60)
class SlowReaderTest {

    private static final byte[] MEGABYTE = new byte[1 << 20];

    private static void pause(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        Stage.await("time", () -> System.nanoTime() - until > 0);
    }

    @Test
    void areNotCutOffByTheTimeThatTheUpstreamMayBeSilent() throws Exception {
        int length = 40 << 20;
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            for (int i = 0; i < 40; i++) {
                line.send(MEGABYTE);
            }
            line.isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port()).idle(Duration.ofMillis(400));
                Client client = stage.client()) {
            client.get("/").head();
            pause(Duration.ofSeconds(2));
            assertThat(client.read(length)).hasSize(length);
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("succeeded");
        }
    }

    @Test
    void areWhoIsToBlameWhereTheUpstreamGivesUpOnThem() throws Exception {
        CompletableFuture<Void> patience = new CompletableFuture<>();
        Script script = line -> {
            line.head();
            line.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            CompletableFuture.runAsync(() -> {
                patience.join();
                try {
                    line.reset();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try {
                while (true) {
                    line.send(MEGABYTE);
                }
            } catch (SocketException given) {
                // It has given up.
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                Stage stage = new Stage(upstream.port());
                Said said = new Said(Exchange.class);
                Client client = stage.client()) {
            client.get("/").head();
            pause(Duration.ofSeconds(1));
            patience.complete(null);
            client.readToEnd();
            Stage.await("the visit's end", () -> stage.visits() == 0);
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
            assertThat(said.lines()).hasSize(1);
            assertThat(said.lines().get(0))
                    .startsWith("INFO route test: the answer to GET / was cut off, as its client");
        }
    }
}
