package dev.sluice.sample.requestid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class RequestIdTest {

    private final RequestId middleware = new RequestId();
    private final List<String> seenInMdc = new ArrayList<>();

    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void anIdThatTheClientSendsIsKept() throws Exception {
        Exchange exchange = handle(Map.of("X-Request-Id", "abc-123"));

        assertThat(exchange.responseHeaders).containsEntry("X-Request-Id", "abc-123");
        assertThat(exchange.attributes).containsEntry("requestId", "abc-123");
        assertThat(seenInMdc).containsExactly("abc-123");
    }

    @Test
    void aRequestWithoutOneGetsAnIdOfItsOwn() throws Exception {
        String first = handle(Map.of()).responseHeaders.get("X-Request-Id");
        String second = handle(Map.of()).responseHeaders.get("X-Request-Id");

        assertThat(UUID.fromString(first)).isNotEqualTo(UUID.fromString(second));
        assertThat(seenInMdc).containsExactly(first, second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "line\nbreak", "<b>", "${jndi:x}", "é", "\"quoted\""})
    void anIdThatCouldMeanSomethingElsewhereIsReplaced(String unsafe) throws Exception {
        Exchange exchange = handle(Map.of("X-Request-Id", unsafe));

        assertThat(exchange.responseHeaders.get("X-Request-Id")).satisfies(UUID::fromString);
    }

    @Test
    void anIdIsTakenUpToALengthOf128() throws Exception {
        assertThat(handle(Map.of("X-Request-Id", "a".repeat(128))).responseHeaders)
                .containsEntry("X-Request-Id", "a".repeat(128));
        assertThat(handle(Map.of("X-Request-Id", "a".repeat(129)))
                        .responseHeaders
                        .get("X-Request-Id"))
                .satisfies(UUID::fromString);
    }

    @Test
    void theThreadIsLeftAsItWas() throws Exception {
        handle(Map.of());
        assertThat(MDC.get("requestId")).isNull();

        MDC.put("requestId", "outer");
        handle(Map.of());
        assertThat(MDC.get("requestId")).isEqualTo("outer");
    }

    @Test
    void theThreadIsLeftAsItWasWhenTheRestThrows() {
        Exchange exchange = new Exchange(Map.of());

        assertThatThrownBy(() -> middleware.handle(exchange.request, exchange.response, (request, response) -> {
                    throw new ServletException("from the rest");
                }))
                .isInstanceOf(ServletException.class);
        assertThat(MDC.get("requestId")).isNull();
    }

    @Test
    void aRetryKeepsTheIdOfItsRequest() throws Exception {
        Exchange exchange = new Exchange(Map.of());

        middleware.handle(exchange.request, exchange.response, (request, response) -> note());
        middleware.handle(exchange.request, exchange.response, (request, response) -> note());

        assertThat(seenInMdc).hasSize(2);
        assertThat(seenInMdc.get(1)).isEqualTo(seenInMdc.get(0));
    }

    private Exchange handle(Map<String, String> requestHeaders) throws Exception {
        Exchange exchange = new Exchange(requestHeaders);
        middleware.handle(exchange.request, exchange.response, (request, response) -> note());
        return exchange;
    }

    private void note() {
        seenInMdc.add(MDC.get("requestId"));
    }
}
