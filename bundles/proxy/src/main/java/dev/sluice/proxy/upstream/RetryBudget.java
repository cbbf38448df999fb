package dev.sluice.proxy.upstream;

import java.util.function.LongSupplier;

/**
 * How many retries a route may make: a share of its requests, over the last ten seconds, and three a second whatever their
 * number. Without it, retries double the load on upstreams that fail because of their load.
 *
 * <p>Safe for use by many threads: a few counters behind the object's own lock, held for nanoseconds.
 */
public final class RetryBudget {

    private static final int SECONDS = 10;
    private static final int FREE_PER_SECOND = 3;
    private static final long SECOND = 1_000_000_000L;

    private final int percent;
    private final LongSupplier nanoTime;
    private final long start;

    private final long[] second = new long[SECONDS];
    private final int[] requests = new int[SECONDS];
    private final int[] retries = new int[SECONDS];

    /**
     * Makes a budget.
     *
     * @param percent how many retries per hundred requests
     * @param nanoTime a monotonic clock
     */
    public RetryBudget(int percent, LongSupplier nanoTime) {
        this.percent = percent;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** Counts a request. */
    public synchronized void request() {
        requests[slot()]++;
    }

    /**
     * Takes a retry out of the budget.
     *
     * @return whether there was one left
     */
    public synchronized boolean tryRetry() {
        int slot = slot();
        long now = second[slot];
        long asked = 0;
        long made = 0;
        for (int i = 0; i < SECONDS; i++) {
            if (second[i] > now - SECONDS) {
                asked += requests[i];
                made += retries[i];
            }
        }
        if (percent == 0 || made >= Math.max(asked * percent / 100, SECONDS * FREE_PER_SECOND)) {
            return false;
        }
        retries[slot]++;
        return true;
    }

    private int slot() {
        long now = (nanoTime.getAsLong() - start) / SECOND;
        int slot = (int) (now % SECONDS);
        if (second[slot] != now) {
            second[slot] = now;
            requests[slot] = 0;
            retries[slot] = 0;
        }
        return slot;
    }
}
