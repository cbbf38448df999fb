package dev.sluice.deployer.rollout.judge;

import java.util.stream.DoubleStream;

/**
 * Looks at the share of a version's requests that fail by its own fault, where there is no version beside it to compare with.
 * The likelihood ratio of two shares has an expectation of at most one as long as each request, whatever was before, fails with
 * a probability of no more than the tolerated one; so this too may be looked at as often as one likes. What others do wrong, as
 * a failing upstream, can't be told apart here from a fault of the version, unless it isn't counted: so only this is.
 */
final class OwnFaultGate implements Gate {

    /** How much worse than tolerated, as odds ratios. */
    private static final double[] WORSE =
            DoubleStream.of(1.5, 2, 3, 5, 10, 30, 200).toArray();

    private final double tolerated;
    private final Mixture mixture = new Mixture(WORSE.length);
    private long requests;
    private long failures;

    /** @param tolerated the share that is tolerated */
    OwnFaultGate(double tolerated) {
        this.tolerated = tolerated;
    }

    @Override
    public void observe(Arms stratum) {
        Observed seen = stratum.candidate();
        long bad = Math.min(seen.failures(), seen.requests());
        if (seen.requests() == 0) {
            return;
        }
        requests += seen.requests();
        failures += bad;
        double odds = tolerated / (1 - tolerated);
        mixture.observe(i -> {
            double assumed = odds * WORSE[i] / (1 + odds * WORSE[i]);
            return bad * Math.log(assumed / tolerated)
                    + (seen.requests() - bad) * Math.log((1 - assumed) / (1 - tolerated));
        });
    }

    @Override
    public double logEvidence() {
        return mixture.logEvidence();
    }

    @Override
    public boolean looksWorse() {
        return failures > tolerated * requests;
    }

    @Override
    public long fewest() {
        return 5;
    }

    @Override
    public String finding(Arms all) {
        return Words.share(all.candidate().failures(), all.candidate().requests()) + " failed by its own fault; up to "
                + Words.percent(tolerated) + " is tolerated";
    }
}
