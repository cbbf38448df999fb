package dev.sluice.deployer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.OwnFigures;
import dev.sluice.deployer.rollout.judge.Before;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far back goes what is known of a version, when the next one comes. */
class LatelyTest {

    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private long now = -5;
    private OwnFigures counts = counts(0, 0, 0, 0);
    private boolean isThere = true;
    private final Lately lately = new Lately(() -> isThere ? List.of(counts) : List.of(), () -> now);

    private static OwnFigures counts(long sampled, long answers, long errors, long failures) {
        return new OwnFigures("auth", 10, sampled == 0, 0, sampled, answers, errors, failures);
    }

    @BeforeEach
    void start() {
        lately.look();
    }

    private void request(long sampled, long answers, long errors) {
        counts = counts(
                counts.sampled() + sampled, counts.answers() + answers, counts.errors() + errors, counts.failures());
    }

    private void fail(long failures) {
        counts = counts(counts.sampled(), counts.answers(), counts.errors(), counts.failures() + failures);
    }

    private void pass(Duration time) {
        now += time.toNanos();
        lately.look();
    }

    /** So much in each second. */
    private void run(Duration time, long sampled, long errors) {
        for (long second = 0; second < time.toSeconds(); second++) {
            request(sampled, errors, errors);
            pass(Duration.ofSeconds(1));
        }
    }

    private Before known() {
        return lately.of(10).get("auth");
    }

    /** All of them answered by itself. */
    private static Before known(long answers, long errors) {
        return new Before(answers, answers, 0, errors);
    }

    @Test
    void whatItDidWellForLongIsForgottenOverWhatItDoesNow() {
        request(1_000_000, 0, 0);
        pass(WEEK);
        run(MINUTE, 0, 160);
        assertThat(known().ownErrors()).isBetween(160L * 30, 160L * 36);
        assertThat(known().requests()).as("it answers them all itself").isEqualTo(known().ownErrors());
    }

    @Test
    void andSoIsWhatItDidBadly() {
        request(0, 16_000_000, 16_000_000);
        pass(WEEK);
        run(MINUTE, 10, 0);
        assertThat(known().ownErrors()).isZero();
        assertThat(known().requests()).isBetween(16L * 10 * 30, 16L * 10 * 36);
        assertThat(known().fewest()).isBetween(4_000L, known().requests());
    }

    @Test
    void halfOfTheTimeIsSeenAsHalf() {
        run(MINUTE, 10, 0);
        run(Lately.AT_LEAST.dividedBy(2), 0, 160);
        assertThat((double) known().ownErrors() / known().requests()).isBetween(0.4, 0.65);
    }

    @Test
    void withFewRequestsItGoesBackToSoManyAsAreToBeKnown() {
        run(MINUTE, 0, 10);
        pass(WEEK);
        request(0, 2, 0);
        pass(MINUTE);
        request(0, 1, 0);
        pass(MINUTE);
        assertThat(known().requests()).isBetween(33L, 80L);
        assertThat(known().ownErrors()).isEqualTo(known().requests() - 3);
    }

    /** How many it handed on is known by a sample alone, and by a few of that hardly. */
    @Test
    void whereItHandsMostOnItGoesBackFurther() {
        for (int second = 0; second < 10_000; second++) {
            request(second % 20 == 0 ? 1 : 0, second % 5 == 0 ? 1 : 0, second % 5 == 0 ? 1 : 0);
            pass(Duration.ofSeconds(1));
        }
        assertThat(known().requests()).isBetween(300L, 500L);
        assertThat((double) known().ownErrors() / known().requests()).isBetween(0.15, 0.25);
        assertThat((double) known().ownErrors() / known().fewest()).isLessThan(0.4);
    }

    @Test
    void whatItFailsOnIsKnownToo() {
        request(1_000_000, 0, 0);
        pass(WEEK);
        for (int second = 0; second < 60; second++) {
            fail(4);
            pass(Duration.ofSeconds(1));
        }
        assertThat(known().failures()).isEqualTo(known().requests()).isBetween(120L, 150L);
        assertThat(known().ownErrors()).isZero();
    }

    @Test
    void ofAFewThatItHandsOnNothingIsKnownUnlessEachWasCounted() {
        request(3, 6, 6);
        pass(MINUTE);
        assertThat(known()).isEqualTo(Before.UNKNOWN);
        counts = new OwnFigures("auth", 10, true, 44, 0, 6, 6, 0);
        pass(MINUTE);
        assertThat(known()).isEqualTo(known(50, 6));
    }

    @Test
    void andWithFewerThanThatToTheBeginning() {
        pass(WEEK);
        request(0, 7, 5);
        pass(WEEK);
        assertThat(known()).isEqualTo(known(7, 5));
    }

    @Test
    void whatWasJustStartedIsKnownFromItsBeginning() {
        isThere = false;
        pass(MINUTE);
        isThere = true;
        counts = counts(0, 40, 40, 0);
        assertThat(known()).as("before the first look").isEqualTo(known(40, 40));
        pass(Duration.ofSeconds(6));
        assertThat(known()).isEqualTo(known(40, 40));
    }

    @Test
    void whatWasStartedAgainIsKnownFromThenOn() {
        run(MINUTE, 0, 160);
        counts = counts(0, 3, 1, 0);
        assertThat(known()).as("before the next look").isEqualTo(known(3, 1));
        pass(Duration.ofSeconds(6));
        assertThat(known()).isEqualTo(known(3, 1));
        request(0, 40, 0);
        pass(MINUTE);
        assertThat(known()).isEqualTo(known(40, 0));
    }

    /** The deployer was away, and the chain went on without it. */
    @Test
    void whatIsOlderThanItIsKnownFromItsFirstLookOn() {
        request(1_000_000, 0, 0);
        Lately another = new Lately(() -> List.of(counts), () -> now);
        another.look();
        request(0, 25, 25);
        assertThat(another.of(10).get("auth"))
                .as("it may have handed on twice as many, and none of them in the sample")
                .isEqualTo(Before.UNKNOWN);
        request(0, 25, 25);
        assertThat(another.of(10).get("auth")).isEqualTo(known(50, 50));
    }

    @Test
    void aStandbyIsKnownByWhatItDidLast() {
        request(1_000_000, 0, 0);
        pass(WEEK);
        run(MINUTE, 0, 160);
        pass(WEEK);
        assertThat(known().ownErrors()).isEqualTo(known().requests()).isGreaterThan(32);
    }

    @Test
    void noMoreIsKeptThanIsNeeded() {
        run(MINUTE, 0, 160);
        assertThat(lately.size()).isLessThan(10);
        for (int i = 0; i < 10_000; i++) {
            request(0, i % 3 == 0 ? 1 : 0, 0);
            pass(Duration.ofSeconds(20));
        }
        assertThat(lately.size()).isLessThan(120);
        isThere = false;
        pass(MINUTE);
        assertThat(lately.size()).isZero();
        assertThat(lately.of(10)).isEmpty();
    }

    @Test
    void aChainThatIsAwayIsAskedAgain() {
        boolean[] isAway = {true};
        Lately another = new Lately(
                () -> {
                    if (isAway[0]) {
                        throw new IllegalStateException("away");
                    }
                    return List.of(counts);
                },
                () -> now);
        another.look();
        isAway[0] = false;
        now += MINUTE.toNanos();
        another.look();
        assertThat(another.size()).isEqualTo(1);
    }
}
