package dev.sluice.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class WrkTest {

    @Test
    void readsTheLineThatItsScriptWrites() {
        Outcome outcome = Wrk.parse(
                "Running 2s test\n  2 threads\n"
                        + "{\"requests\":100,\"seconds\":2.0,\"failed\":3,\"p50\":10.0,\"p90\":20,\"p99\":30,\"p999\":40,\"max\":50}\n");

        assertThat(outcome).isEqualTo(new Outcome(100, 2, 3, 10, 20, 30, 40, 50));
        assertThat(outcome.throughput()).isEqualTo(50);
    }

    @Test
    void passesOnWhatItSaysInstead() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Wrk.parse("unable to connect to 127.0.0.1:1"))
                .withMessageContaining("unable to connect");
    }
}
