package dev.sluice.benchmark.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmark.Effort;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChangeRunTest {

    /** Of the hour that it may take with all peers, ten are left for their starts and stops. */
    @Test
    void leavesTimeForTheStarts() {
        Effort full = Effort.named("full");

        assertThat(ChangeRun.least(full, new ChangeRun(full).peers())).isLessThanOrEqualTo(Duration.ofMinutes(50));
        assertThat(full.change()).isEqualTo(Duration.ofMinutes(2));
    }
}
