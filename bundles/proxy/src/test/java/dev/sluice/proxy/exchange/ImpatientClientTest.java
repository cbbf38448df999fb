package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.ScriptedUpstream.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that wait for 100, and leave before the upstream has said anything. */
@Timeout(60)
class ImpatientClientTest {

    private static final class Warnings extends Handler implements AutoCloseable {

        private final Logger logger = Logger.getLogger("");
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Warnings() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord logged) {
            if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
                lines.add(logged.getLoggerName() + " " + logged.getMessage() + " " + logged.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    @Test
    void fillNoLog() throws Exception {
        CompletableFuture<Void> isAsked = new CompletableFuture<>();
        CompletableFuture<Void> isClosed = new CompletableFuture<>();
        Script silent = line -> {
            line.head();
            isAsked.complete(null);
            line.isClosed();
            isClosed.complete(null);
        };
        try (Warnings warnings = new Warnings()) {
            try (ScriptedUpstream upstream = new ScriptedUpstream(silent);
                    Stage stage = new Stage(upstream.port()).idle(Duration.ofSeconds(3))) {
                Client client = stage.client().request("POST", "/", "Expect: 100-continue", "Content-Length: 5");
                isAsked.get(20, TimeUnit.SECONDS);
                client.reset();
                isClosed.get(20, TimeUnit.SECONDS);
                Stage.await("the visit's end", () -> stage.visits() == 0);
                assertThat(stage.upstream(0).said()).containsExactly("abandoned");
            }
            // The container completes the request, and logs, when the route has left it: the stage waits for that.
            assertThat(warnings.lines).isEmpty();
        }
    }
}
