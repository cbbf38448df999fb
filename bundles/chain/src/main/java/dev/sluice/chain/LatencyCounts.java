package dev.sluice.chain;

import java.util.Arrays;

/**
 * Requests counted by how long they took.
 *
 * @param bounds upper bounds in nanoseconds, ascending, each the last value of its range; the same in all of them
 * @param counts how many requests are in each range; the last one is of those above the last bound
 */
public record LatencyCounts(long[] bounds, long[] counts) {

    /** Keeps its own copies of the arrays. */
    public LatencyCounts {
        bounds = bounds.clone();
        counts = counts.clone();
        if (counts.length != bounds.length + 1) {
            throw new IllegalArgumentException(counts.length + " counts for " + bounds.length + " bounds");
        }
    }

    @Override
    public long[] bounds() {
        return bounds.clone();
    }

    @Override
    public long[] counts() {
        return counts.clone();
    }

    /** {@return how many requests there are in all} */
    public long total() {
        return Arrays.stream(counts).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatencyCounts that
                && Arrays.equals(bounds, that.bounds)
                && Arrays.equals(counts, that.counts);
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
