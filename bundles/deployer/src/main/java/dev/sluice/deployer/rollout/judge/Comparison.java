package dev.sluice.deployer.rollout.judge;

import java.util.stream.DoubleStream;

/**
 * The evidence that the odds of a bad request with the candidate are more than so many times those with the version beside it.
 * Used by one thread. See this package's description for why it may be looked at as often as one likes.
 */
final class Comparison {

    /** How much worse than tolerated, as odds ratios: from a little to a version that fails always beside one that never does. */
    private static final double[] WORSE = DoubleStream.of(1.3, 1.6, 2, 2.5, 3.5, 5, 8, 15, 40, 150)
            .map(Math::log)
            .toArray();

    private final double tolerated;
    private final Mixture mixture = new Mixture(WORSE.length);
    private long good;
    private long bad;
    private long besideGood;
    private long besideBad;

    /** @param tolerated the odds ratio that is tolerated, 1 or more */
    Comparison(double tolerated) {
        this.tolerated = Math.log(tolerated);
    }

    /** Takes in what was seen in one stratum. */
    void observe(long requests, long counted, long besideRequests, long besideCounted) {
        if (requests == 0 || besideRequests == 0) {
            return;
        }
        // What is counted while requests end may have one of them in one number and not yet in the other.
        long newlyBad = Math.min(counted, requests);
        long newlyBesideBad = Math.min(besideCounted, besideRequests);
        bad += newlyBad;
        good += requests - newlyBad;
        besideBad += newlyBesideBad;
        besideGood += besideRequests - newlyBesideBad;
        Stratum stratum = new Stratum(requests, newlyBad, besideRequests, newlyBesideBad);
        mixture.observe(i -> stratum.logRatio(tolerated + WORSE[i], tolerated));
    }

    /** {@return whether it looks as if it were so, be it by chance} */
    boolean looksWorse() {
        return (double) bad * besideGood > Math.exp(tolerated) * good * besideBad;
    }

    /** {@return the natural logarithm of the evidence} */
    double logEvidence() {
        return mixture.logEvidence();
    }
}
