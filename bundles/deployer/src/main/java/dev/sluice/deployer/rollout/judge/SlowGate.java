package dev.sluice.deployer.rollout.judge;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks at how long requests take, at the median and at a higher quantile: how many of the candidate's exceed what is tolerated
 * there, against how many with the version beside exceed the quantile itself. If requests with the candidate take no longer than
 * margin times as long and the floor more, whatever the distribution, neither is larger.
 *
 * <p>The quantile comes from what was seen of the version beside before the stratum that is compared, so that it has no part in
 * that. It need be neither exact nor steady: what is compared is how often both exceed a mark, wherever that is.
 */
final class SlowGate implements Gate {

    /** So many requests beside must exceed a mark, by expectation, before it is one. */
    private static final int ABOVE_MARK = 10;

    private static final double MEDIAN = 0.5;

    private final SlowTolerance tolerance;
    private final Comparison atMedian = new Comparison(1);
    private final Comparison atQuantile = new Comparison(1);
    private Latencies past;

    /** @param past what is known of the version beside from before */
    SlowGate(SlowTolerance tolerance, Latencies past) {
        this.tolerance = tolerance;
        this.past = past;
    }

    @Override
    public void observe(Arms stratum) {
        Latencies candidate = stratum.candidate().latencies();
        Latencies beside = stratum.besideOrNone().latencies();
        observe(atMedian, MEDIAN, candidate, beside);
        observe(atQuantile, tolerance.quantile(), candidate, beside);
        past = past.plus(beside);
    }

    private void observe(Comparison comparison, double quantile, Latencies candidate, Latencies beside) {
        if (past.total() * (1 - quantile) < ABOVE_MARK) {
            return;
        }
        Optional<Integer> mark = past.rangeAt(quantile);
        Optional<Integer> tolerated = mark.flatMap(range -> past.rangeOf((long) tolerance.most(past.bound(range))));
        if (tolerated.isPresent() && candidate.total() > 0 && beside.total() > 0) {
            comparison.observe(
                    candidate.total(), candidate.above(tolerated.get()), beside.total(), beside.above(mark.get()));
        }
    }

    @Override
    public double logEvidence() {
        return Mixture.logSum(atMedian.logEvidence(), atQuantile.logEvidence()) - Math.log(2);
    }

    @Override
    public boolean looksWorse() {
        return atMedian.looksWorse() || atQuantile.looksWorse();
    }

    @Override
    public long fewest() {
        return 20;
    }

    @Override
    public String finding(Arms all) {
        double quantile = atMedian.logEvidence() > atQuantile.logEvidence() ? MEDIAN : tolerance.quantile();
        OptionalLong beside = all.besideOrNone().latencies().quantile(quantile);
        return Words.share(quantile) + " of " + Words.count(all.candidate().requests()) + " requests took up to "
                + Words.time(all.candidate().latencies().quantile(quantile)) + ", against "
                + Words.time(beside) + " of " + Words.count(all.besideOrNone().requests())
                + " with the version beside it; up to "
                + Words.time(beside.isEmpty() ? beside : OptionalLong.of((long) tolerance.most(beside.getAsLong())))
                + " is tolerated";
    }
}
