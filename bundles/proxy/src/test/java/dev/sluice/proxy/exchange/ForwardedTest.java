package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.Rewriting;
import dev.sluice.proxy.config.Rewriting.Forwarded;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What upstreams are told of who asked, and what becomes of what clients say of that. */
@Timeout(60)
class ForwardedTest {

    private static final String[] SENT = {
        "Forwarded: for=10.0.0.1;proto=https",
        "X-Forwarded-For: 10.0.0.1",
        "X-Forwarded-Host: public.example",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 8443",
        "X-Forwarded-Prefix: /outer",
        "X-Forwarded-Server: edge"
    };

    private static final String[] OWN = {
        "Forwarded: for=127.0.0.1;host=shop.example;proto=http",
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Host: shop.example",
        "X-Forwarded-Proto: http",
        "X-Forwarded-Port: 80",
        "X-Forwarded-Prefix: /shop"
    };

    /** {@return the fields about forwarding that an upstream gets} */
    private static List<String> told(Forwarded mode, UnaryOperator<HttpServletRequest> middleware, String... sent)
            throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (ScriptedUpstream upstream = new ScriptedUpstream(line -> {
                    seen.complete(line.head());
                    line.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    line.isClosed();
                });
                Stage stage = new Stage(upstream.port())
                        .strip("/shop")
                        .wrapping(middleware)
                        .rewriting(new Rewriting(Rewriting.Host.KEEP, mode, "sluice", false, false));
                Client client = stage.client()) {
            assertThat(client.get("/shop/x", sent).status()).isEqualTo(200);
            return seen.get(20, TimeUnit.SECONDS)
                    .lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).matches("(x-)?forwarded.*"))
                    .toList();
        }
    }

    private static List<String> told(Forwarded mode, String... sent) throws Exception {
        return told(mode, request -> request, sent);
    }

    @Test
    void whatAClientSaysIsDroppedUnlessItIsAskedFor() throws Exception {
        assertThat(told(Forwarded.SET, SENT)).containsExactlyInAnyOrder(OWN);
    }

    @Test
    void whatTheOneBeforeSaysIsGoneOnWith() throws Exception {
        assertThat(told(Forwarded.APPEND, SENT))
                .containsExactlyInAnyOrder(
                        "Forwarded: for=10.0.0.1;proto=https, for=127.0.0.1;host=shop.example;proto=http",
                        "X-Forwarded-For: 10.0.0.1, 127.0.0.1",
                        "X-Forwarded-Host: public.example",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Port: 8443",
                        "X-Forwarded-Prefix: /outer/shop");
    }

    @Test
    void whatTheOneBeforeSaysIsAllThatIsSaid() throws Exception {
        assertThat(told(Forwarded.TRUST, SENT)).containsExactlyInAnyOrder(SENT);
        assertThat(told(Forwarded.TRUST, "X-Forwarded-For: 10.0.0.1")).containsExactly("X-Forwarded-For: 10.0.0.1");
    }

    @ParameterizedTest
    @EnumSource(Forwarded.class)
    void whereNobodyHasSaidAnythingItIsSaid(Forwarded mode) throws Exception {
        assertThat(told(mode)).containsExactlyInAnyOrder(OWN);
    }

    /** As Jetty gives an address of IP version 6: in brackets. */
    private static final class OfVersion6 extends HttpServletRequestWrapper {

        OfVersion6(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getRemoteAddr() {
            return "[2001:db8::1]";
        }
    }

    @Test
    void anAddressOfVersion6StandsInBracketsAndQuotesInForwardedAlone() throws Exception {
        assertThat(told(Forwarded.SET, OfVersion6::new))
                .contains(
                        "Forwarded: for=\"[2001:db8::1]\";host=shop.example;proto=http",
                        "X-Forwarded-For: 2001:db8::1");
    }
}
