package dev.sluice.deployer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.OwnFigures;
import dev.sluice.deployer.rollout.judge.Arms;
import dev.sluice.deployer.rollout.judge.Before;
import dev.sluice.deployer.rollout.judge.Judge;
import dev.sluice.deployer.rollout.judge.Latencies;
import dev.sluice.deployer.rollout.judge.Observed;
import dev.sluice.deployer.rollout.judge.Verdict;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which versions the default policy takes back in the bake, if the one before had trouble of its own: simulated, second by
 * second, as the chain counts it. Each run has a seed of its own, always the same ones. {@code -Dsluice.judge.runs=1000} makes
 * more of them, and what they come to is printed.
 */
class BakeAfterTroubleTest {

    private static final int RUNS = Integer.getInteger("sluice.judge.runs", 100);
    private static final RolloutPolicy POLICY = RolloutPolicy.of(Map.of("middleware", "*"));
    private static final double ALL = 1;

    /** In what way a request goes wrong; whatever doesn't is handed on. */
    private enum Trouble {
        ANSWERS_500 {
            @Override
            OwnFigures figures(boolean isExact, long handedOn, long sampled, long bad) {
                return new OwnFigures("auth", 10, isExact, handedOn, sampled, bad, bad, 0);
            }

            @Override
            Observed observed(long requests, long bad) {
                return new Observed(requests, 0, bad, bad, Latencies.NONE);
            }
        },
        THROWS {
            @Override
            OwnFigures figures(boolean isExact, long handedOn, long sampled, long bad) {
                return new OwnFigures("auth", 10, isExact, handedOn, sampled, 0, 0, bad);
            }

            @Override
            Observed observed(long requests, long bad) {
                return new Observed(requests, bad, bad, 0, Latencies.NONE);
            }
        };

        abstract OwnFigures figures(boolean isExact, long handedOn, long sampled, long bad);

        abstract Observed observed(long requests, long bad);
    }

    record Case(Trouble trouble, double perSecond, double before) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.0f %% at %.1f requests/s", trouble, before * 100, perSecond);
        }

        /** {@return of a hundred new versions of which this share of the requests goes wrong, how many are taken back} */
        double takenBack(double now) {
            return 100.0
                    * IntStream.range(0, RUNS)
                            .filter(seed -> new Run(this, seed).isTakenBack(now))
                            .count()
                    / RUNS;
        }
    }

    /** One version after another, at a steady rate. */
    private static final class Run {
        private final Case its;
        private final SplittableRandom random;
        private long now;
        private long handedOn;
        private long sampled;
        private long requests;
        private long bad;
        private final Lately lately;

        Run(Case its, long seed) {
            this.its = its;
            this.random = new SplittableRandom(seed);
            this.lately = new Lately(() -> List.of(counted()), () -> now);
            lately.look();
        }

        private OwnFigures counted() {
            return its.trouble().figures(handedOn < OwnFigures.EACH, handedOn, sampled, bad);
        }

        private void request(boolean isBad) {
            requests++;
            if (isBad) {
                bad++;
            } else if (handedOn < OwnFigures.EACH) {
                handedOn++;
            } else if (random.nextInt(OwnFigures.SAMPLE) == 0) {
                sampled++;
            }
        }

        private void second(double share) {
            now += Duration.ofSeconds(1).toNanos();
            // As many clients that don't know of each other make them: the times between two are exponential.
            double at = 0;
            while ((at -= Math.log(1 - random.nextDouble()) / its.perSecond()) < 1) {
                request(random.nextDouble() < share);
            }
        }

        /** It has just been deployed, and had so many requests, so many of them bad. */
        boolean isTakenBack(long had, long wereBad, double share) {
            for (long i = 0; i < had; i++) {
                request(i < wereBad);
            }
            now += Duration.ofSeconds(6).toNanos();
            lately.look();
            return isTakenBack(share, lately.of(10).get("auth"));
        }

        boolean isTakenBack(double share) {
            for (long second = 0; second < Math.max(90, 600 / its.perSecond()); second++) {
                second(its.before());
                lately.look();
            }
            return isTakenBack(share, lately.of(10).get("auth"));
        }

        private boolean isTakenBack(double share, Before before) {
            requests = 0;
            bad = 0;
            Judge judge = new Judge(POLICY.tolerances(), 1, 0, 1 - POLICY.confidence(), Map.of());
            judge.look(Map.of("auth", Arms.after(Observed.NONE, before)));
            for (long second = 0; second < POLICY.bake().toSeconds(); second++) {
                second(share);
                Observed seen = its.trouble().observed(requests, bad);
                if (judge.look(Map.of("auth", Arms.after(seen, before))) instanceof Verdict.Bad) {
                    return true;
                }
            }
            return false;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(Trouble.values()).flatMap(trouble -> Stream.of(0.5, 1.0, 3.0, 10.0, 100.0)
                .flatMap(rate -> Stream.of(0.0, 0.01, 0.05, 0.1, 0.2, 0.5, 0.9, 1.0)
                        .map(share -> new Case(trouble, rate, share))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneThatDoesAsTheOneBeforeStaysAndOneThatDoesNothingElseIsTakenBack(Case its) {
        double same = its.takenBack(its.before());
        double all = its.before() == ALL ? same : its.takenBack(ALL);
        if (RUNS > 100) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: taken back the same %.1f %%, twenty points more %.1f %%, always %.1f %%%n",
                    its,
                    same,
                    its.takenBack(Math.min(ALL, its.before() + 0.2)),
                    all);
        }
        assertThat(same).as("of those that are as good").isLessThan(1);
        // Half a request in a second are some fifteen in the bake: as many as are needed, or not quite.
        if (its.before() <= 0.2 && its.perSecond() >= 1) {
            assertThat(all).as("of those that fail outright").isGreaterThanOrEqualTo(99);
        }
    }

    /** The next version comes when the one before has hardly had any requests. */
    @ParameterizedTest
    @CsvSource({
        "THROWS, 50, 6, 0.12, 0.45",
        "THROWS, 50, 20, 0.4, 0.95",
        "THROWS, 300, 36, 0.12, 0.45",
        "THROWS, 600, 72, 0.12, 0.45",
        "ANSWERS_500, 45, 5, 0.11, 1",
        "ANSWERS_500, 45, 20, 0.44, 1",
        "ANSWERS_500, 600, 60, 0.1, 1",
    })
    void soItIsIfTheOneBeforeIsYoung(Trouble trouble, long had, long bad, double same, double worse) {
        Case its = new Case(trouble, 5, same);
        assertThat(takenBack(its, had, bad, same))
                .as("of those that are as good")
                .isLessThan(1);
        assertThat(takenBack(its, had, bad, worse))
                .as("of those that are worse")
                .isGreaterThanOrEqualTo(99);
    }

    private static double takenBack(Case its, long had, long bad, double now) {
        return 100.0
                * IntStream.range(0, RUNS)
                        .filter(seed -> new Run(its, seed).isTakenBack(had, bad, now))
                        .count()
                / RUNS;
    }
}
