package dev.sluice.benchmark.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What samples say: their median, and between what the middle half of them lies; of few samples, all of them.
 *
 * @param low the lower quartile, or the least of few
 * @param median the median
 * @param high the upper quartile, or the most of few
 * @param samples how many there were
 */
record Spread(double low, double median, double high, int samples) {

    /** Quartiles of fewer would lie between samples, and say that they differ less than they do. */
    static final int FEW = 5;

    static Spread of(List<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples: nothing is known");
        }
        List<Double> sorted = samples.stream().sorted().toList();
        double outer = sorted.size() < FEW ? 0 : 0.25;
        return new Spread(quantile(sorted, outer), quantile(sorted, 0.5), quantile(sorted, 1 - outer), sorted.size());
    }

    /** {@return whether it says how far samples differ} One sample doesn't. */
    boolean isStated() {
        return samples > 1;
    }

    /** {@return whether what both state has anything in common} */
    boolean agreesWith(Spread other) {
        return low <= other.high && other.low <= high;
    }

    /**
     * How many times another.
     *
     * @param own the samples
     * @param reference the other's
     * @param isPaired whether those with the same number are of the same round
     * @return of rounds, the spread of the ratios within each; else that of the medians, and the widest between the quartiles
     */
    static Spread ratio(List<Double> own, List<Double> reference, boolean isPaired) {
        if (isPaired && own.size() == reference.size()) {
            return of(IntStream.range(0, own.size())
                    .mapToObj(i -> own.get(i) / reference.get(i))
                    .toList());
        }
        return of(own).over(of(reference));
    }

    /** How many times another, which is positive, as wide as both spreads allow. */
    private Spread over(Spread other) {
        return new Spread(low / other.high, median / other.median, high / other.low, Math.min(samples, other.samples));
    }

    /** How much more than another, in the same way. */
    static Spread difference(List<Double> own, List<Double> reference) {
        Spread a = of(own);
        Spread b = of(reference);
        return new Spread(a.low - b.high, a.median - b.median, a.high - b.low, Math.min(a.samples, b.samples));
    }

    private static double quantile(List<Double> sorted, double quantile) {
        double at = quantile * (sorted.size() - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }
}
