package dev.sluice.benchmark.outside;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.benchmark.load.Outcome;
import org.junit.jupiter.api.Test;

/** Figures that aren't of what is described are none. */
class OutsideRunTest {

    private static Outcome outcome(long requests, long failed) {
        return new Outcome(requests, 10, failed, 1, 2, 3, 4, 5);
    }

    @Test
    void takesWhatIsAsItWasSetUp() {
        assertThatCode(() -> OutsideRun.check("A", outcome(100_000, 0), 100_900, () -> true))
                .doesNotThrowAnyException();
    }

    @Test
    void takesNoneWithFailures() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OutsideRun.check("A", outcome(100_000, 1), 100_000, () -> true))
                .withMessageContaining("failed 1");
    }

    @Test
    void takesNoneWhoseTimesAreOfOtherRequests() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OutsideRun.check("A", outcome(100_000, 0), 50_000, () -> true))
                .withMessageContaining("timed 50000");
        assertThatIllegalStateException()
                .isThrownBy(() -> OutsideRun.check("A", outcome(100_000, 0), 200_000, () -> true));
    }

    @Test
    void takesNoneOfWhatHasChangedMeanwhile() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OutsideRun.check("A", outcome(100_000, 0), 100_000, () -> false))
                .withMessageContaining("as it was set up");
    }
}
