package dev.sluice.unload.managed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopBudgetTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private Duration configured = Duration.ofSeconds(20);
    private boolean stopping;
    private final StopBudget budget = new StopBudget(() -> configured, () -> stopping, nanos::get);

    @Test
    void whileTheContainerGoesOnEachBundleHasWhatIsConfigured() {
        assertThat(budget.tasksTimeout()).isEqualTo(Duration.ofSeconds(20));
        passes(60_000);
        assertThat(budget.tasksTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(budget.afterInterrupt()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whenItStopsAllHaveFiveSecondsTogetherAndAMomentEachToHeedTheInterrupt() {
        stopping = true;
        assertThat(budget.tasksTimeout()).isEqualTo(Duration.ofSeconds(5));
        passes(2_000);
        assertThat(budget.tasksTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(budget.afterInterrupt()).isEqualTo(Duration.ofSeconds(1));
        passes(3_500);
        assertThat(budget.tasksTimeout()).isEqualTo(Duration.ZERO);
        assertThat(budget.afterInterrupt()).isEqualTo(Duration.ofMillis(500));
        passes(60_000);
        assertThat(budget.tasksTimeout()).isEqualTo(Duration.ZERO);
        assertThat(budget.afterInterrupt()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void lessThanThatIsConfiguredForEach() {
        stopping = true;
        configured = Duration.ofMillis(300);
        assertThat(budget.tasksTimeout()).isEqualTo(Duration.ofMillis(300));
        passes(1_000);
        assertThat(budget.tasksTimeout()).isEqualTo(Duration.ofMillis(300));
    }

    private void passes(long millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }
}
