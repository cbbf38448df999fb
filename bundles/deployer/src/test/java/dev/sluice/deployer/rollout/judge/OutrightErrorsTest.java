package dev.sluice.deployer.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A version that has all requests, and answers with server errors itself. */
class OutrightErrorsTest {

    private static final Before WELL = known(1_000, 2);

    private static Judge judge(Optional<Double> errors, double alpha) {
        return judge(Optional.empty(), errors, alpha);
    }

    private static Judge judge(Optional<Tolerance> beside, Optional<Double> errors, double alpha) {
        return new Judge(
                new Tolerances(Optional.empty(), beside, Optional.empty(), 0.05, errors, 1), 1, 0, alpha, Map.of());
    }

    /** What was known of the version before, before it was observed. */
    private static Before known(long requests, long ownErrors) {
        return new Before(requests, requests, 0, ownErrors);
    }

    private static Observed answered(long requests, long ownErrors) {
        return new Observed(requests, 0, ownErrors, ownErrors, Latencies.NONE);
    }

    private static Verdict after(Before before, Observed now) {
        return after(judge(Optional.of(0.5), 0.001), before, now);
    }

    private static Verdict after(Judge judge, Before before, Observed now) {
        judge.look(Map.of("auth", Arms.after(Observed.NONE, before)));
        return judge.look(Map.of("auth", Arms.after(now, before)));
    }

    @Test
    void oneThatAnswersAllWithErrorsIsTakenBackWithTheFiguresAndWhatToDoIfItIsMeant() {
        assertThat(after(WELL, answered(30, 30)))
                .isEqualTo(
                        new Verdict.Bad("\"auth\": 100 % of 30 requests were answered with a server error of its own,"
                                + " against 0.2 % of about 1,000 requests with the version before it, just before; up to 50 % is tolerated;"
                                + " if it is meant to, let it answer 503 with Retry-After, or write bake.errors=off into a"
                                + " conf/dev.sluice.rollout-<any>.cfg for it"));
    }

    @Test
    void soIsOneOfWhosePredecessorNothingIsKnown() {
        assertThat(after(Before.UNKNOWN, answered(30, 30)))
                .isInstanceOf(Verdict.Bad.class)
                .asString()
                .contains("what the version before did isn't known");
    }

    @Test
    void aFewRequestsAreNoEvidence() {
        assertThat(after(WELL, answered(8, 8))).isEqualTo(new Verdict.Good());
    }

    @Test
    void oneThatDoesSoNowAndThenStays() {
        assertThat(after(WELL, answered(10_000, 4_000))).isEqualTo(new Verdict.Good());
    }

    @Test
    void whatOthersAnswerIsNotItsOwn() {
        assertThat(after(WELL, new Observed(10_000, 0, 10_000, 0, Latencies.NONE)))
                .isEqualTo(new Verdict.Good());
    }

    @Test
    void whereTheVersionBeforeDidSoTooItIsWhatTheMiddlewareIsFor() {
        assertThat(after(known(1_000, 900), answered(100_000, 100_000))).isEqualTo(new Verdict.Good());
        assertThat(after(known(20, 20), answered(100_000, 100_000))).isEqualTo(new Verdict.Good());
    }

    @Test
    void aFewErrorsOfTheVersionBeforeAreNoHabit() {
        assertThat(after(known(3, 3), answered(100, 100))).isInstanceOf(Verdict.Bad.class);
    }

    private static Judge lenient() {
        return judge(Optional.of(new Tolerance(1.5, 0)), Optional.of(0.3), 0.001);
    }

    /** How many requests that had is known about: there were 400, and may have been 240. */
    @Test
    void whatTheVersionBeforeDidNowAndThenIsToleratedAndNotMoreThanThat() {
        Before known = new Before(400, 240, 0, 120);
        assertThat(after(lenient(), known, answered(10_000, 5_500))).isEqualTo(new Verdict.Good());
        assertThat(after(lenient(), known, answered(10_000, 8_000)))
                .isInstanceOf(Verdict.Bad.class)
                .asString()
                .contains(
                        "against 30 % of about 400 requests with the version before it, just before; up to 60 % is tolerated");
    }

    /** It may have been 80 %, but then all would be tolerated. */
    @Test
    void noMoreIsToleratedThanIfItHadBeenHalfOfThem() {
        Before known = new Before(400, 200, 0, 160);
        assertThat(after(lenient(), known, answered(10_000, 5_500))).isEqualTo(new Verdict.Good());
        assertThat(after(lenient(), known, answered(10_000, 6_500)))
                .isInstanceOf(Verdict.Bad.class)
                .asString()
                .contains("up to 60 % is tolerated");
    }

    private static Observed failed(long requests, long failures) {
        return new Observed(requests, failures, 0, 0, Latencies.NONE);
    }

    @Test
    void theSameHoldsOfFailures() {
        assertThat(after(WELL, failed(100, 30))).isInstanceOf(Verdict.Bad.class);
        Before known = new Before(400, 300, 60, 0);
        assertThat(after(known, failed(10_000, 1_500))).isEqualTo(new Verdict.Good());
        assertThat(after(known, failed(10_000, 4_000)))
                .isInstanceOf(Verdict.Bad.class)
                .asString()
                .contains(
                        "40 % of 10,000 requests failed by its own fault,"
                                + " against 15 % of about 400 requests with the version before it, just before; up to 20 % is tolerated");
    }

    @Test
    void whereTheVersionBeforeFailedWithMostTooNothingIsGainedByGoingBack() {
        Before known = new Before(100, 80, 90, 0);
        assertThat(after(known, failed(100_000, 100_000))).isEqualTo(new Verdict.Good());
        assertThat(after(known, answered(100, 100)))
                .as("that is another trouble")
                .isInstanceOf(Verdict.Bad.class);
    }

    @Test
    void whatTheVersionBeforeDidntBringIsLeftToItself() {
        Judge judge = judge(Optional.of(0.5), 0.001);
        judge.look(Map.of("maintenance", Arms.alone(Observed.NONE)));

        assertThat(judge.look(Map.of("maintenance", Arms.alone(answered(10_000, 10_000)))))
                .isEqualTo(new Verdict.Good());
    }

    @Test
    void anOperatorCanHaveItLeftAlone() {
        assertThat(after(judge(Optional.empty(), 0.001), WELL, answered(10_000, 10_000)))
                .isEqualTo(new Verdict.Good());
    }

    /** At the very limit of what is tolerated, looked at after every few requests. */
    @Test
    void oneAtTheLimitIsTakenBackNoMoreOftenThanPromised() {
        long takenBack = IntStream.range(0, 500)
                .filter(run -> isTakenBackAtTheLimit(new SplittableRandom(run)))
                .count();
        // With a probability of one in a hundred each, it is more than 14 with one of less than one in a thousand.
        assertThat(takenBack).isLessThanOrEqualTo(14);
    }

    private static boolean isTakenBackAtTheLimit(SplittableRandom random) {
        Judge judge = judge(Optional.of(0.5), 0.01);
        judge.look(Map.of("auth", Arms.after(Observed.NONE, WELL)));
        long errors = 0;
        for (int requests = 1; requests <= 2_000; requests++) {
            errors += random.nextInt(2);
            if (requests % 3 == 0
                    && judge.look(Map.of("auth", Arms.after(answered(requests, errors), WELL)))
                            instanceof Verdict.Bad) {
                return true;
            }
        }
        return false;
    }
}
