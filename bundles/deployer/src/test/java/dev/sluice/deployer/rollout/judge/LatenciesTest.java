package dev.sluice.deployer.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LatenciesTest {

    private static final long[] BOUNDS = {10, 20, 40};

    private final Latencies some = Latencies.of(BOUNDS, new long[] {50, 45, 4, 1});

    @Test
    void knowsQuantilesAsFarAsItsRangesTell() {
        assertThat(some.quantile(0.5)).hasValue(10);
        assertThat(some.quantile(0.51)).hasValue(20);
        assertThat(some.quantile(0.95)).hasValue(20);
        assertThat(some.quantile(0.99)).hasValue(40);
        assertThat(some.quantile(1)).isEmpty();
        assertThat(Latencies.NONE.quantile(0.5)).isEmpty();
    }

    @Test
    void countsWhatIsAboveARange() {
        assertThat(some.above(0)).isEqualTo(50);
        assertThat(some.above(2)).isEqualTo(1);
    }

    @Test
    void findsTheRangeOfATime() {
        assertThat(some.rangeOf(10)).contains(0);
        assertThat(some.rangeOf(11)).contains(1);
        assertThat(some.rangeOf(41)).isEmpty();
    }

    @Test
    void addsUpAndTakesAway() {
        Latencies more = some.plus(some);

        assertThat(more.total()).isEqualTo(200);
        assertThat(more.minus(some)).isEqualTo(some).hasSameHashCodeAs(some);
        assertThat(Latencies.NONE.plus(some)).isEqualTo(some);
        assertThat(more.follows(some)).isTrue();
        assertThat(some.follows(more)).isFalse();
    }

    @Test
    void keepsItsOwnCopies() {
        long[] counts = {1, 2, 3, 4};
        Latencies kept = Latencies.of(BOUNDS, counts);
        counts[0] = 100;

        assertThat(kept.total()).isEqualTo(10);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> Latencies.of(BOUNDS, new long[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> Latencies.of(new long[] {2, 1}, new long[3]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> some.plus(Latencies.of(new long[] {10, 20, 41}, new long[4])));
    }
}
