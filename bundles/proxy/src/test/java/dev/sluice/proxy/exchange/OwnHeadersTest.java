package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that middleware sets in its wrapper of the request. */
@Timeout(60)
class OwnHeadersTest {

    private final CompletableFuture<String> seen = new CompletableFuture<>();

    private ScriptedUpstream upstream() throws Exception {
        return new ScriptedUpstream(line -> {
            seen.complete(line.head());
            line.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            line.isClosed();
        });
    }

    /** What a middleware that knows its users does. */
    private static final class Known extends HttpServletRequestWrapper {

        Known(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            List<String> names = Collections.list(super.getHeaderNames());
            names.removeIf("X-User"::equalsIgnoreCase);
            names.add("X-User");
            return Collections.enumeration(names);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return name.equalsIgnoreCase("X-User") ? Collections.enumeration(List.of("alice")) : super.getHeaders(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Other: 1", "X-User: mallory", "X-User: alice"})
    void aClientCantTakeOffWhatMiddlewareHasSet(String sent) throws Exception {
        try (ScriptedUpstream upstream = upstream();
                Stage stage = new Stage(upstream.port()).wrapping(Known::new);
                Client client = stage.client()) {
            client.get("/", sent, "Connection: X-User, X-Hop", "X-Hop: 1");
            assertThat(client.status()).isEqualTo(200);
            assertThat(seen.get(20, TimeUnit.SECONDS))
                    .containsOnlyOnce("\r\nX-User: alice\r\n")
                    .doesNotContain("mallory", "X-Hop");
        }
    }

    @Test
    void whatAClientCallsXUnderscoreForwardedIsDropped() throws Exception {
        try (ScriptedUpstream upstream = upstream();
                Stage stage = new Stage(upstream.port());
                Client client = stage.client()) {
            client.get("/", "X_Forwarded_For: 10.0.0.1", "X-Forwarded_Proto: https");
            assertThat(client.status()).isEqualTo(200);
            assertThat(seen.get(20, TimeUnit.SECONDS))
                    .contains("\r\nX-Forwarded-For: 127.0.0.1\r\n")
                    .doesNotContain("10.0.0.1", "https");
        }
    }
}
