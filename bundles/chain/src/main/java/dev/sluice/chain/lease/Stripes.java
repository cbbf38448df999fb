package dev.sluice.chain.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that many threads add to, in several parts, each in a cache line of its own. A thread takes the part that its id
 * picks, so that threads seldom wait for each other's line; a {@code LongAdder} has them share one until two have met in the
 * same instant, which threads that add now and then hardly ever do. All accesses are volatile. Safe for any thread.
 */
public final class Stripes {

    private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(long[].class);
    /** Stripes lie 128 bytes apart: adjacent cache lines are fetched in pairs. */
    private static final int STRIDE = 16;

    /** With so many for each processor two threads that run at a time seldom have the same one. */
    private static final int FOR_EACH_PROCESSOR = 4;

    private static final int MOST = 64;
    private static final int STRIPES = stripes(Runtime.getRuntime().availableProcessors());

    /** One stripe's width is left free at either end, so that neighbours on the heap don't share its cache line. */
    private final long[] parts = new long[(STRIPES + 2) * STRIDE];

    private static int stripes(int processors) {
        int enough = Math.min(processors * FOR_EACH_PROCESSOR, MOST);
        return Integer.highestOneBit(enough * 2 - 1);
    }

    /** {@return the stripe that the calling thread picks} */
    public static int own() {
        int hash = (int) (Thread.currentThread().getId() * 0x9E3779B97F4A7C15L >>> 40);
        return ((hash & (STRIPES - 1)) + 1) * STRIDE;
    }

    /**
     * Adds to a stripe.
     *
     * @param stripe what {@link #own} returned, for this or another thread
     * @param number what is added
     */
    public void add(int stripe, long number) {
        STRIPE.getAndAdd(parts, stripe, number);
    }

    /** {@return the sum of all stripes, of which others may have been added to meanwhile} */
    public long sum() {
        long sum = 0;
        for (int stripe = STRIDE; stripe <= STRIPES * STRIDE; stripe += STRIDE) {
            sum += (long) STRIPE.getVolatile(parts, stripe);
        }
        return sum;
    }

    /** {@return whether each stripe was zero when it was looked at} */
    public boolean areZero() {
        for (int stripe = STRIDE; stripe <= STRIPES * STRIDE; stripe += STRIDE) {
            if ((long) STRIPE.getVolatile(parts, stripe) != 0) {
                return false;
            }
        }
        return true;
    }
}
