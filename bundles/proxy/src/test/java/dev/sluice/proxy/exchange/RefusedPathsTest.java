package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.fixture.Said;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class RefusedPathsTest {

    @Test
    void howManyThereWereIsSaidOnceInAMinute() {
        AtomicLong now = new AtomicLong();
        RefusedPaths refused = new RefusedPaths(LoggerFactory.getLogger(Exchange.class), now::get);
        try (Said said = new Said(Exchange.class)) {
            refused.refused("api", "/one\r\nforged");
            for (int i = 0; i < 1_000; i++) {
                now.addAndGet(59_000_000);
                refused.refused("api", "/other");
            }
            now.addAndGet(1_000_000_000);
            refused.refused("api", "/last");
            assertThat(said.lines()).hasSize(2);
            assertThat(said.lines().get(0)).contains("route api: /one\\u000d\\u000aforged");
            assertThat(said.lines().get(1)).contains("1001 more").contains("/last");
        }
    }

    @Test
    void theClientIsToldWhatIsWrong() throws Exception {
        try (Stage stage = new Stage(ScriptedUpstream.closedPort());
                Client client = stage.client()) {
            assertThat(client.get("/a;n=John%20Doe").answer())
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json")
                    .contains("path parameter");
        }
    }
}
