package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.ScriptedUpstream.Script;
import dev.sluice.proxy.fixture.Said;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More requests than connections: those that get none in time are no failures of the upstream. */
@Timeout(60)
class CrowdTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final CompletableFuture<Void> isAsked = new CompletableFuture<>();
    private final CompletableFuture<Void> free = new CompletableFuture<>();
    private final Script busy = line -> {
        line.head();
        isAsked.complete(null);
        free.get(20, TimeUnit.SECONDS);
        line.send(OK).isClosed();
    };

    private Client first(Stage stage) throws Exception {
        Client first = stage.client().get("/");
        isAsked.get(20, TimeUnit.SECONDS);
        return first;
    }

    @Test
    void aConnectionIsWaitedForForSomeTimeAndNotForEver() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(busy);
                Stage stage = new Stage(upstream.port()).connections(1, 10).queueTime(Duration.ofMillis(300));
                Said said = new Said(Exchange.class);
                Client first = first(stage);
                Client second = stage.client()) {
            assertThat(second.get("/").answer()).startsWith("HTTP/1.1 503").contains("Retry-After: 1");
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
            assertThat(said.lines())
                    .filteredOn(line -> line.contains("no connection was free in time"))
                    .hasSize(1);
            free.complete(null);
            assertThat(first.status()).isEqualTo(200);
        }
    }

    @Test
    void theWholeTimeSpentWaitingForOneIsNotTheUpstreams() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(busy);
                Stage stage = new Stage(upstream.port()).connections(1, 10);
                Client first = first(stage);
                Client second = stage.whole(Duration.ofMillis(300)).client()) {
            assertThat(second.get("/").answer()).startsWith("HTTP/1.1 503");
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
            free.complete(null);
            assertThat(first.status()).isEqualTo(200);
        }
    }

    @Test
    void anotherUpstreamIsAskedInstead() throws Exception {
        Script ok = line -> {
            line.head();
            line.send(OK).isClosed();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(busy);
                ScriptedUpstream other = new ScriptedUpstream(ok);
                Stage stage = new Stage(upstream.port(), other.port())
                        .connections(1, 10)
                        .queueTime(Duration.ofMillis(300));
                Client first = first(stage);
                Client second = stage.client()) {
            assertThat(second.get("/").status()).isEqualTo(200);
            assertThat(stage.upstream(0).said()).containsExactly("abandoned");
            free.complete(null);
            assertThat(first.status()).isEqualTo(200);
        }
    }
}
