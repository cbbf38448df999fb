package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {

    private final HopByHop named = new HopByHop(List.of("close, X-Hop", "x-more , Host,Content-Length"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "Proxy-Authentication-Info",
                "TE",
                "Transfer-Encoding",
                "Upgrade",
                "HTTP2-Settings"
            })
    void whatIsForOneConnectionGoesNoFurther(String name) {
        HopByHop nothing = new HopByHop(List.of());
        assertThat(HopByHop.stopsAlways(name)).isTrue();
        assertThat(nothing.stops(name)).isTrue();
        assertThat(nothing.stopsTrailer(name)).isTrue();
        assertThat(nothing.names(name)).isFalse();
    }

    @Test
    void whatConnectionNamesGoesNoFurther() {
        assertThat(named.stops("x-hop")).isTrue();
        assertThat(named.stops("X-More")).isTrue();
        assertThat(named.names("X-HOP")).isTrue();
        assertThat(named.stopsTrailer("X-Hop")).isTrue();
        assertThat(HopByHop.stopsAlways("X-Hop")).isFalse();
        assertThat(named.stops("X-Other")).isFalse();
        assertThat(named.stopsTrailer("X-Other")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Content-Length"})
    void connectionCantTakeOffWhatTheMessageIsReadBy(String name) {
        assertThat(named.stops(name)).isFalse();
        assertThat(named.names(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "Content-Type",
                "Content-Encoding",
                "Content-Range",
                "Host",
                "Authorization",
                "Cookie",
                "Set-Cookie",
                "Cache-Control",
                "Expect",
                "Max-Forwards",
                "Trailer",
                "Forwarded",
                "X-Forwarded-For",
                "Via",
                "Location"
            })
    void whatIsJudgedBeforeABodyIsReadIsNoTrailer(String name) {
        HopByHop nothing = new HopByHop(List.of());
        assertThat(nothing.stopsTrailer(name)).isTrue();
        assertThat(nothing.stops(name)).isFalse();
    }
}
