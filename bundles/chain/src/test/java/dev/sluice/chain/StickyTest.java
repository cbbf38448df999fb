package dev.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickyTest {

    @ParameterizedTest
    @ValueSource(strings = {"header:X-User-Id", "cookie:JSESSIONID", "client-ip", "none"})
    void readsWhatItWrites(String text) {
        assertThat(Sticky.parse(text)).hasToString(text);
        assertThat(Sticky.parse(" " + text.replace(":", " : ") + " ")).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "header", "header:", "header:a b", "heder:X", "client-ip:x", "none:", "cookie:a=b", "ip"})
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sticky.parse(text))
                .withMessageContaining("header:NAME");
    }
}
