package dev.sluice.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void isTheMedianAndTheMiddleHalf() {
        assertThat(Spread.of(List.of(5.0, 1.0, 3.0, 2.0, 4.0))).isEqualTo(new Spread(2, 3, 4, 5));
    }

    @Test
    void liesBetweenTwoSamplesWhereNoneIsInTheMiddle() {
        assertThat(Spread.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0))).isEqualTo(new Spread(2.25, 3.5, 4.75, 6));
    }

    /** Quartiles of two would be half as far from each other as they are. */
    @Test
    void isAllOfFew() {
        assertThat(Spread.of(List.of(1.0, 2.0))).isEqualTo(new Spread(1, 1.5, 2, 2));
        assertThat(Spread.of(List.of(1.0, 2.0, 3.0, 4.0))).isEqualTo(new Spread(1, 2.5, 4, 4));
    }

    @Test
    void isNotStatedByOneSample() {
        assertThat(Spread.of(List.of(1.0)).isStated()).isFalse();
        assertThat(Spread.of(List.of(1.0, 1.0)).isStated()).isTrue();
    }

    @Test
    void hardlyMindsOneSampleThatIsFarOff() {
        assertThat(Spread.of(List.of(1.0, 2.0, 3.0, 4.0, 1000.0)).median()).isEqualTo(3);
    }

    @Test
    void ofNoSamplesIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
    }

    /** The machine was three times as slow in the second round: the ratio doesn't mind. */
    @Test
    void ratioOfRoundsIsTakenWithinEach() {
        assertThat(Spread.ratio(List.of(20.0, 60.0), List.of(10.0, 30.0), true)).isEqualTo(new Spread(2, 2, 2, 2));
    }

    @Test
    void ratioOfOthersIsAsWideAsBothSpreads() {
        Spread ratio = Spread.ratio(List.of(20.0, 60.0), List.of(10.0, 30.0), false);

        assertThat(ratio.median()).isEqualTo(2);
        assertThat(ratio.low()).isEqualTo(20.0 / 30);
        assertThat(ratio.high()).isEqualTo(60.0 / 10);
    }

    @Test
    void differenceIsAsWideAsBothSpreads() {
        assertThat(Spread.difference(List.of(20.0, 60.0), List.of(10.0, 30.0))).isEqualTo(new Spread(-10, 20, 50, 2));
    }

    @Test
    void agreesWithWhatItsMiddleHalfTouches() {
        Spread own = new Spread(2, 3, 4, 5);

        assertThat(own.agreesWith(new Spread(4, 5, 6, 5))).isTrue();
        assertThat(own.agreesWith(new Spread(0, 1, 2, 5))).isTrue();
        assertThat(own.agreesWith(new Spread(2.5, 2.6, 2.7, 5))).isTrue();
        assertThat(own.agreesWith(new Spread(4.1, 5, 6, 5))).isFalse();
        assertThat(own.agreesWith(new Spread(0, 1, 1.9, 5))).isFalse();
    }
}
