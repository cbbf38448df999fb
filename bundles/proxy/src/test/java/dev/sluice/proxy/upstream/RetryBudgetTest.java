package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private final AtomicLong now = new AtomicLong(5_000_000_000L);

    private static int retries(RetryBudget budget) {
        int count = 0;
        while (count < 10_000 && budget.tryRetry()) {
            count++;
        }
        return count;
    }

    @Test
    void isAShareOfTheRequestsOfTheLastTenSeconds() {
        RetryBudget budget = new RetryBudget(20, now::get);
        for (int i = 0; i < 1000; i++) {
            budget.request();
        }
        assertThat(retries(budget)).isEqualTo(200);
        now.addAndGet(9_000_000_000L);
        assertThat(retries(budget)).isZero();
        now.addAndGet(1_000_000_000L);
        assertThat(retries(budget)).as("the few that are always free").isEqualTo(30);
    }

    @Test
    void whatIsLongerAgoCountsNoMoreWhateverTheSecond() {
        RetryBudget budget = new RetryBudget(100, now::get);
        for (int i = 0; i < 1000; i++) {
            budget.request();
        }
        now.addAndGet(13_000_000_000L);
        assertThat(retries(budget)).isEqualTo(30);
    }

    @Test
    void ofZeroAllowsNone() {
        assertThat(retries(new RetryBudget(0, now::get))).isZero();
    }
}
