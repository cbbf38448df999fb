package dev.sluice.benchmark.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmark.Effort;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChangeRunTest {

    /** The starts and stops of all peers come on top. */
    @Test
    void staysBelowAnHour() {
        Effort full = Effort.named("full");

        assertThat(ChangeRun.least(full, new ChangeRun(full).peers())).isLessThanOrEqualTo(Duration.ofMinutes(57));
        assertThat(full.change()).isEqualTo(Duration.ofMinutes(2));
    }
}
