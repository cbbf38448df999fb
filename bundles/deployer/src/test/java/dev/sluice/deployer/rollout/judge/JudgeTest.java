package dev.sluice.deployer.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JudgeTest {

    private static final Tolerance TOLERANCE = new Tolerance(1.5, 0.01);
    private static final Tolerances TOLERANCES = new Tolerances(
            Optional.of(TOLERANCE),
            Optional.of(TOLERANCE),
            Optional.of(new SlowTolerance(0.95, 1.25, Duration.ZERO)),
            0.05,
            1);
    private static final long[] BOUNDS = {10, 20, 40, 80};

    private static Judge judge(double share, long enough) {
        return new Judge(TOLERANCES, share, enough, 0.001, Map.of());
    }

    private static Observed observed(long requests, long failures, long serverErrors) {
        return new Observed(requests, failures, serverErrors, Latencies.NONE);
    }

    private static Observed took(long... counts) {
        Latencies latencies = Latencies.of(BOUNDS, counts);
        return new Observed(latencies.total(), 0, 0, latencies);
    }

    private static Verdict look(Judge judge, Observed candidate, Observed beside) {
        return judge.look(Map.of("auth", Arms.of(candidate, beside)));
    }

    @Test
    void countsFromTheFirstLookOn() {
        Judge judge = judge(0.5, 100);
        look(judge, observed(100, 100, 100), observed(1000, 0, 0));

        assertThat(look(judge, observed(200, 100, 100), observed(1100, 0, 0))).isEqualTo(new Verdict.Good());
    }

    @Test
    void countsOnWhereAUnitBeganAnew() {
        Judge judge = judge(0.5, 100);
        look(judge, Observed.NONE, Observed.NONE);
        look(judge, observed(50, 0, 0), observed(50, 0, 0));
        look(judge, observed(3, 0, 0), observed(60, 0, 0));

        assertThat(look(judge, observed(53, 0, 0), observed(110, 0, 0))).isEqualTo(new Verdict.Good());
        assertThat(judge.seen().get("auth").candidate().requests()).isEqualTo(100);
    }

    @Test
    void seesThatAnErrorIsTheCandidatesThoughNotItsFailure() {
        Judge judge = judge(0.5, 100);
        look(judge, Observed.NONE, Observed.NONE);

        assertThat(look(judge, observed(100, 0, 30), observed(100, 0, 1)))
                .isEqualTo(new Verdict.Bad("\"auth\": 30 % of 100 requests were answered with a server error, against"
                        + " 1 % of 100 requests with the version beside it; up to 2.47 % is tolerated"));
    }

    @Test
    void blamesNobodyForAnOutage() {
        Judge judge = judge(0.1, 100);
        look(judge, Observed.NONE, Observed.NONE);

        assertThat(look(judge, observed(100, 0, 100), observed(900, 0, 900))).isInstanceOf(Verdict.Waiting.class);
        assertThat(look(judge, observed(200, 0, 100), observed(1800, 0, 900))).isEqualTo(new Verdict.Good());
    }

    @Test
    void promotesNobodyInAnOutage() {
        Judge judge = judge(0.1, 100);
        look(judge, Observed.NONE, Observed.NONE);

        assertThat(look(judge, observed(200, 0, 150), observed(1800, 0, 1350)))
                .isEqualTo(new Verdict.Waiting("too many requests fail with the version beside it too: of its 200"
                        + " requests 0 of 100 say something about it"));
    }

    @Test
    void looksOnWhereThereAreSigns() {
        Judge judge = judge(0.5, 100);
        look(judge, Observed.NONE, Observed.NONE);

        assertThat(look(judge, observed(100, 0, 3), observed(100, 0, 0)))
                .isEqualTo(new Verdict.Waiting("there are signs that it does worse, not enough to judge by: it has had"
                        + " 100 of up to 500 requests"));
        assertThat(look(judge, observed(500, 0, 8), observed(500, 0, 1))).isEqualTo(new Verdict.Good());
    }

    @Test
    void judgesAMiddlewareThatTheOtherVersionLacksByItselfAlone() {
        Judge judge = judge(0.01, 100);
        judge.look(Map.of("new", Arms.alone(Observed.NONE)));

        assertThat(judge.look(Map.of("new", Arms.alone(observed(200, 1, 150))))).isEqualTo(new Verdict.Good());
        assertThat(judge.look(Map.of("new", Arms.alone(observed(220, 11, 160)))))
                .isInstanceOf(Verdict.Bad.class);
    }

    @Test
    void waitsForTheBusiestMiddlewareAndJudgesAll() {
        Judge judge = judge(0.5, 100);
        Arms none = Arms.of(Observed.NONE, Observed.NONE);
        judge.look(Map.of("a", none, "b", none));
        Arms many = Arms.of(observed(100, 0, 0), observed(100, 0, 0));

        assertThat(judge.look(Map.of("a", many, "b", none))).isEqualTo(new Verdict.Good());
        assertThat(judge.look(Map.of("a", many, "b", Arms.of(observed(30, 20, 20), observed(30, 0, 0)))))
                .isInstanceOf(Verdict.Bad.class)
                .asString()
                .contains("\"b\"");
    }

    @Test
    void seesThatRequestsTakeLonger() {
        Judge judge = judge(0.5, 100);
        look(judge, Observed.NONE, took(0, 500, 100, 0, 0));

        // What the ranges can't tell is taken to be tolerated.
        assertThat(look(judge, took(0, 0, 100, 0, 0), took(0, 590, 110, 0, 0))).isEqualTo(new Verdict.Good());
        assertThat(look(judge, took(0, 0, 100, 150, 0), took(0, 690, 110, 0, 0)).toString())
                .contains(" of 250 requests took up to 0.00008 ms", "with the version beside it");
    }

    @Test
    void waitsWhereNothingIsObserved() {
        assertThat(judge(0.5, 100).look(Map.of()))
                .isEqualTo(new Verdict.Waiting("none of its middleware is observed yet"));
    }

    /** At the very limit of what is tolerated, with many looks, while it changes all the time how much is bad with both. */
    @Test
    void takesACandidateAtTheLimitBackNoMoreOftenThanPromised() {
        // With a probability of one in a hundred each, it is more than 14 with one of less than one in a thousand.
        assertThat(takenBackAtTheLimit(new Tolerance(1.5, 0.02), i -> i / 100 % 3 * 0.2))
                .isLessThanOrEqualTo(14);
    }

    @Test
    void takesACandidateAtTheFloorBackNoMoreOftenThanPromised() {
        assertThat(takenBackAtTheLimit(new Tolerance(1.5, 0.05), i -> 0)).isLessThanOrEqualTo(14);
    }

    /** Of 500, each with an alpha of one in a hundred. */
    private static long takenBackAtTheLimit(Tolerance tolerance, IntToDoubleFunction besideShare) {
        return IntStream.range(0, 500)
                .filter(run -> isTakenBackAtTheLimit(new SplittableRandom(run), tolerance, besideShare))
                .count();
    }

    private static boolean isTakenBackAtTheLimit(
            SplittableRandom random, Tolerance tolerance, IntToDoubleFunction besideShare) {
        Judge judge = new Judge(
                new Tolerances(Optional.empty(), Optional.of(tolerance), Optional.empty(), 0.05, 1),
                0.2,
                1_000_000,
                0.01,
                Map.of());
        long[] counts = new long[4];
        look(judge, Observed.NONE, Observed.NONE);
        for (int i = 0; i < 1500; i++) {
            double besides = besideShare.applyAsDouble(i);
            boolean candidate = random.nextInt(5) == 0;
            counts[candidate ? 0 : 2]++;
            if (random.nextDouble() < (candidate ? tolerance.most(besides) : besides)) {
                counts[candidate ? 1 : 3]++;
            }
            if (i % 4 == 0
                    && look(judge, observed(counts[0], 0, counts[1]), observed(counts[2], 0, counts[3]))
                            instanceof Verdict.Bad) {
                return true;
            }
        }
        return false;
    }

    @Test
    void isNotDoneByTheRequestsOfAMiddlewareThatOnlyTheCandidateBrings() {
        Judge judge = judge(0.01, 100);
        Map<String, Arms> nothing =
                Map.of("auth", Arms.of(Observed.NONE, Observed.NONE), "log", Arms.alone(Observed.NONE));
        judge.look(nothing);

        assertThat(judge.look(Map.of(
                        "auth", Arms.of(observed(10, 0, 0), observed(990, 0, 0)),
                        "log", Arms.alone(observed(1000, 0, 0)))))
                .isEqualTo(new Verdict.Waiting("it has had 10 of 100 requests"));
    }
}
