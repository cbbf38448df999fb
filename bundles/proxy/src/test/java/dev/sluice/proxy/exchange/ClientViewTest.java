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
        "http://[bad, http://[bad",
        "/base/a b|c, /shop/a b|c",
        "http://inner:9000/base/x y, https://shop.example/shop/x y",
        "HTTP://INNER:9000/base/{id}?q=a b#^, https://shop.example/shop/{id}?q=a b#^",
        "http://user@inner:9000/base/x, https://shop.example/shop/x",
        "/base?x=/base, /shop?x=/base",
        "/base#f, /shop#f",
        "http://inner:9000?x, https://shop.example/shop/?x",
        "//inner:9000/base/x, https://shop.example/shop/x",
        "mailto:a@inner, mailto:a@inner",
        "'', ''"
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
        "a=1; Domain=example.com, a=1; Domain=example.com",
        "c=d; path=\"/base\"; Secure, c=d; path=\"/shop\"; Secure",
        "c=d; Path = /base/x, c=d; Path = /shop/x",
        "c=d; Domain=\"inner\", c=d",
        "c=d; Path=base, c=d; Path=base"
    })
    void itsOwnPathsAndDomainsInCookiesToo(String cookie, String seen) {
        assertThat(view.cookie(cookie)).isEqualTo(seen);
    }

    @ParameterizedTest
    @CsvSource({"http, inner, 80, http://inner:80/x", "https, inner, 443, https://inner:443/x"})
    void anAddressWithItsDefaultPortIsTheSame(String scheme, String host, int port, String location) {
        assertThat(new ClientView(new Address(scheme, host, port, ""), "", "https", "shop.example").location(location))
                .isEqualTo("https://shop.example/x");
    }
}
