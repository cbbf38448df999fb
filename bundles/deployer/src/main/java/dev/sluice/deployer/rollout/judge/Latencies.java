package dev.sluice.deployer.rollout.judge;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * How many requests took how long: one count for each range between two bounds, and one for what is above the last. Immutable.
 */
public final class Latencies {

    /** None at all, and no bounds either: fits to all others. */
    public static final Latencies NONE = new Latencies(new long[0], new long[1]);

    private final long[] bounds;
    private final long[] counts;

    private Latencies(long[] bounds, long[] counts) {
        this.bounds = bounds;
        this.counts = counts;
    }

    /**
     * Makes one.
     *
     * @param bounds the ranges' upper bounds in nanoseconds, inclusive, ascending
     * @param counts how many were in each range, and one more: how many above the last bound
     * @throws IllegalArgumentException if they don't fit to each other
     */
    public static Latencies of(long[] bounds, long[] counts) {
        boolean ascending = true;
        for (int i = 1; i < bounds.length; i++) {
            ascending &= bounds[i - 1] < bounds[i];
        }
        if (!ascending || counts.length != bounds.length + 1) {
            throw new IllegalArgumentException("bounds ascend, and there is one count more than there are bounds");
        }
        return new Latencies(bounds.clone(), counts.clone());
    }

    /** {@return how many requests there are altogether} */
    public long total() {
        return LongStream.of(counts).sum();
    }

    /**
     * {@return how many requests took longer}
     *
     * @param range the index of a range: what is above its upper bound counts
     */
    long above(int range) {
        return LongStream.of(counts).skip(range + 1L).sum();
    }

    /** {@return the first range whose upper bound is so long or longer; empty if that is above all bounds} */
    Optional<Integer> rangeOf(long nanos) {
        int found = Arrays.binarySearch(bounds, nanos);
        int range = found < 0 ? -found - 1 : found;
        return range < bounds.length ? Optional.of(range) : Optional.empty();
    }

    /** {@return the first range that at least that share of the requests doesn't exceed; empty without requests, or above} */
    Optional<Integer> rangeAt(double share) {
        long total = total();
        long needed = (long) Math.ceil(total * share);
        long so = 0;
        for (int range = 0; total > 0 && range < bounds.length; range++) {
            so += counts[range];
            if (so >= needed) {
                return Optional.of(range);
            }
        }
        return Optional.empty();
    }

    /** {@return a range's upper bound in nanoseconds} */
    long bound(int range) {
        return bounds[range];
    }

    /**
     * A quantile, as far as the ranges tell.
     *
     * @param share the share of the requests that aren't to exceed it, as 0.95
     * @return it in nanoseconds, rounded up to a bound; empty if there were no requests, or it is above the last bound
     */
    public OptionalLong quantile(double share) {
        return rangeAt(share).map(range -> OptionalLong.of(bounds[range])).orElse(OptionalLong.empty());
    }

    /**
     * {@return these and those}
     *
     * @param other with the same bounds, or {@link #NONE}
     */
    public Latencies plus(Latencies other) {
        return combined(other, 1);
    }

    /**
     * {@return these without those}
     *
     * @param earlier what these were before, or {@link #NONE}
     */
    Latencies minus(Latencies earlier) {
        return combined(earlier, -1);
    }

    private Latencies combined(Latencies other, int sign) {
        if (other.bounds.length == 0) {
            return this;
        }
        if (bounds.length == 0 && sign > 0) {
            return other;
        }
        if (!Arrays.equals(bounds, other.bounds)) {
            throw new IllegalArgumentException("these aren't counted by the same bounds");
        }
        long[] sums = counts.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += sign * other.counts[i];
        }
        return new Latencies(bounds, sums);
    }

    /** Whether these can have been those before. */
    boolean follows(Latencies earlier) {
        if (earlier.bounds.length == 0) {
            return true;
        }
        boolean follows = Arrays.equals(bounds, earlier.bounds);
        for (int i = 0; follows && i < counts.length; i++) {
            follows = counts[i] >= earlier.counts[i];
        }
        return follows;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies latencies
                && Arrays.equals(bounds, latencies.bounds)
                && Arrays.equals(counts, latencies.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bounds) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return total() + " requests in " + counts.length + " ranges";
    }
}
