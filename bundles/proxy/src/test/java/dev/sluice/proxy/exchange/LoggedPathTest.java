package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.fixture.Said;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients and upstreams have a say in, in the log. */
@Timeout(60)
class LoggedPathTest {

    @Test
    void aPathMakesNoLineOfItsOwn() throws Exception {
        try (Said said = new Said(Exchange.class);
                Stage stage = new Stage(ScriptedUpstream.closedPort());
                Client client = stage.client()) {
            assertThat(client.get("/x%C2%85%C2%9B31mFAKE%E2%80%A82026%E2%80%AE").status())
                    .isEqualTo(502);
            assertThat(said.lines())
                    .anySatisfy(line -> assertThat(line).contains("/x\\u0085\\u009b31mFAKE\\u20282026\\u202e"));
            assertThat(said.lines())
                    .allSatisfy(line -> assertThat(line).doesNotContainPattern("[\u0080-\u009f\u2028\u202e]"));
        }
    }
}
