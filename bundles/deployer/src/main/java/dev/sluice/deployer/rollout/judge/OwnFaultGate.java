package dev.sluice.deployer.rollout.judge;

import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;

/**
 * Looks at the share of a version's requests that are bad by its own fault, where there is no version beside it to compare with.
 * The likelihood ratio of two shares has an expectation of at most one as long as each request, whatever was before, fails with
 * a probability of no more than the tolerated one; so this too may be looked at as often as one likes. What others do wrong, as
 * a failing upstream, can't be told apart here from a fault of the version, unless it isn't counted: so only this is.
 */
final class OwnFaultGate implements Gate {

    /** How much worse than tolerated, as odds ratios. */
    private static final double[] WORSE =
            DoubleStream.of(1.5, 2, 3, 5, 10, 30, 200).toArray();

    private final double tolerated;
    private final ToLongFunction<Observed> bad;
    private final String words;
    private final String after;
    private final Mixture mixture = new Mixture(WORSE.length);
    private long requests;
    private long allBad;

    private OwnFaultGate(double tolerated, ToLongFunction<Observed> bad, String words, String after) {
        this.tolerated = tolerated;
        this.bad = bad;
        this.words = words;
        this.after = after;
    }

    /**
     * @param tolerated the share that may fail
     * @param before what is known of the version before
     */
    static OwnFaultGate ofFailures(double tolerated, Before before) {
        return new OwnFaultGate(
                tolerated,
                Observed::failures,
                " failed by its own fault" + (before.requests() == 0 ? "" : against(before.failures(), before))
                        + "; up to ",
                "");
    }

    private static String against(long bad, Before before) {
        return ", against " + Words.percent((double) bad / before.requests()) + " of about "
                + Words.count(before.requests()) + " requests with the version before it, just before";
    }

    /**
     * @param tolerated the share that it may answer itself with a server error
     * @param before what is known of the version before
     */
    static OwnFaultGate ofErrors(double tolerated, Before before) {
        String known = before.requests() == 0
                ? "; what the version before did isn't known"
                : against(before.ownErrors(), before);
        return new OwnFaultGate(
                tolerated,
                Observed::ownErrors,
                " were answered with a server error of its own" + known + "; up to ",
                "; if it is meant to, let it answer 503 with Retry-After, or write bake.errors=off into"
                        + " a conf/dev.sluice.rollout-<any>.cfg for it");
    }

    @Override
    public void observe(Arms stratum) {
        Observed seen = stratum.candidate();
        long newlyBad = Math.min(bad.applyAsLong(seen), seen.requests());
        if (seen.requests() == 0) {
            return;
        }
        requests += seen.requests();
        allBad += newlyBad;
        double odds = tolerated / (1 - tolerated);
        mixture.observe(i -> {
            double assumed = odds * WORSE[i] / (1 + odds * WORSE[i]);
            return newlyBad * Math.log(assumed / tolerated)
                    + (seen.requests() - newlyBad) * Math.log((1 - assumed) / (1 - tolerated));
        });
    }

    @Override
    public double logEvidence() {
        return mixture.logEvidence();
    }

    @Override
    public boolean looksWorse() {
        return allBad > tolerated * requests;
    }

    @Override
    public long fewest() {
        return 5;
    }

    @Override
    public String finding(Arms all) {
        return Words.share(bad.applyAsLong(all.candidate()), all.candidate().requests()) + words
                + Words.percent(tolerated) + " is tolerated" + after;
    }
}
