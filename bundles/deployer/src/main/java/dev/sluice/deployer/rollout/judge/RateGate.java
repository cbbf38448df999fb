package dev.sluice.deployer.rollout.judge;

import java.util.function.ToLongFunction;

/** Looks at the share of requests that are bad, against that of the version beside. */
final class RateGate implements Gate {

    private final String words;
    private final ToLongFunction<Observed> bad;
    private final Tolerance tolerance;
    private final Comparison comparison;

    /**
     * What of the floor hasn't been laid upon the version beside yet, as a part of a request. One is laid on before it is due,
     * so that it never lags behind.
     */
    private double due = 1;

    /**
     * @param words what a bad request does, as in "12 % of 50 requests ..."
     * @param bad how many are bad
     */
    RateGate(String words, ToLongFunction<Observed> bad, Tolerance tolerance) {
        this.words = words;
        this.bad = bad;
        this.tolerance = tolerance;
        this.comparison = new Comparison(tolerance.margin());
    }

    /**
     * The floor is tolerated by counting some good requests of the version beside as bad ones. If each were chosen by chance
     * the test would be exact; an even number instead, rounded up, makes the evidence no larger in the mean, as that is convex in it.
     */
    @Override
    public void observe(Arms stratum) {
        Observed beside = stratum.besideOrNone();
        long besideBad = Math.min(bad.applyAsLong(beside), beside.requests());
        long good = beside.requests() - besideBad;
        due += good * tolerance.floorBeside();
        long laid = tolerance.floor() > 0 ? Math.min(good, (long) due) : 0;
        due -= laid;
        comparison.observe(
                stratum.candidate().requests(),
                bad.applyAsLong(stratum.candidate()),
                beside.requests(),
                besideBad + laid);
    }

    @Override
    public double logEvidence() {
        return comparison.logEvidence();
    }

    @Override
    public boolean looksWorse() {
        return comparison.looksWorse();
    }

    @Override
    public long fewest() {
        return 20;
    }

    @Override
    public String finding(Arms all) {
        Observed candidate = all.candidate();
        Observed beside = all.besideOrNone();
        double besideShare = beside.requests() == 0 ? 0 : (double) bad.applyAsLong(beside) / beside.requests();
        return Words.share(bad.applyAsLong(candidate), candidate.requests()) + " " + words + ", against "
                + Words.share(bad.applyAsLong(beside), beside.requests()) + " with the version beside it; up to "
                + Words.percent(tolerance.most(besideShare)) + " is tolerated";
    }
}
