package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientViewTest {

    private final ClientView view =
            new ClientView(new Address("http", "inner", 9000, "/base"), "/shop", "https", "shop.example");

    @ParameterizedTest
    @CsvSource({
        "/base/x?y=1, /shop/x?y=1",
        "/base, /shop",
        "/other, /shop/other",
        "/basement, /shop/basement",
        "http://inner:9000/base/x#f, https://shop.example/shop/x#f",
        "http://shop.example/base/x, https://shop.example/shop/x",
        "http://elsewhere/base/x, http://elsewhere/base/x",
        "relative, relative",
        "//elsewhere/x, //elsewhere/x",
        "http://[bad, http://[bad"
    })
    void itsOwnAddressesBecomeTheClients(String location, String seen) {
        assertThat(view.location(location)).isEqualTo(seen);
    }

    @Test
    void ofAClientThatNamesNoHostNothingIsKnown() {
        ClientView unknown = new ClientView(view.upstream(), "/shop", "https", "");
        assertThat(unknown.location("http://inner:9000/base/x")).isEqualTo("http://inner:9000/base/x");
        assertThat(unknown.location("/base/x")).isEqualTo("/shop/x");
    }

    @ParameterizedTest
    @CsvSource({
        "a=1, a=1",
        "a=1; Path=/base/x; Secure, a=1; Path=/shop/x; Secure",
        "a=1; path=/, a=1; path=/shop/",
        "a=1; Domain=inner; Path=/base, a=1; Path=/shop",
        "a=1; Domain=example.com, a=1; Domain=example.com"
    })
    void itsOwnPathsAndDomainsInCookiesToo(String cookie, String seen) {
        assertThat(view.cookie(cookie)).isEqualTo(seen);
    }
}
