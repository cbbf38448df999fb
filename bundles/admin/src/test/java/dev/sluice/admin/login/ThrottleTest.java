package dev.sluice.admin.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private final AtomicLong now = new AtomicLong(-5);
    private final Throttle throttle = new Throttle(now::get);

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            throttle.failed(address);
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aFewMistakesAreFree() {
        fail("10.0.0.1", 4);
        assertThat(throttle.delay("10.0.0.1")).isZero();
    }

    @Test
    void theDelayGrowsWithEachFurtherMistakeUpToALimit() {
        fail("10.0.0.1", 5);
        assertThat(throttle.delay("10.0.0.1")).isEqualTo(Duration.ofSeconds(1));
        fail("10.0.0.1", 1);
        assertThat(throttle.delay("10.0.0.1")).isEqualTo(Duration.ofSeconds(2));
        fail("10.0.0.1", 50);
        assertThat(throttle.delay("10.0.0.1")).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theDelayIsOverWhenItsTimeHasPassed() {
        fail("10.0.0.1", 6);
        pass(Duration.ofMillis(1500));
        assertThat(throttle.delay("10.0.0.1")).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofMillis(500));
        assertThat(throttle.delay("10.0.0.1")).isZero();
    }

    @Test
    void anotherAddressDoesNotWait() {
        fail("10.0.0.1", 50);
        assertThat(throttle.delay("10.0.0.2")).isZero();
    }

    @Test
    void aNetworkOfIpv6AddressesCountsAsOne() {
        fail("2001:db8:1:2:0:0:0:1", 50);
        assertThat(throttle.delay("2001:db8:1:2:9:9:9:9")).isEqualTo(Duration.ofSeconds(30));
        assertThat(throttle.delay("2001:db8:1:3:0:0:0:1")).isZero();
    }

    @Test
    void aRightLoginForgivesAtOnceAndTimeDoesSlowly() {
        fail("10.0.0.1", 6);
        throttle.succeeded("10.0.0.1");
        fail("10.0.0.1", 4);
        assertThat(throttle.delay("10.0.0.1")).isZero();
        pass(Duration.ofMinutes(11));
        fail("10.0.0.1", 4);
        assertThat(throttle.delay("10.0.0.1")).isZero();
    }

    @Test
    void manyAddressesDoNotFillTheMemoryNorFreeTheLatest() {
        for (int i = 0; i < 5000; i++) {
            throttle.failed("10.0." + i / 250 + "." + i % 250);
        }
        fail("192.0.2.1", 5);
        assertThat(throttle.delay("192.0.2.1")).isPositive();
    }
}
