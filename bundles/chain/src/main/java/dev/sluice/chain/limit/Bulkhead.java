package dev.sluice.chain.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts the requests that one middleware has, across its versions and the chain's generations: whoever replaces a version
 * that is full doesn't get the limit twice. Lock-free.
 */
public final class Bulkhead {

    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong logAgainAt;

    /**
     * Makes one that is empty.
     *
     * @param nanoTime a monotonic clock
     */
    public Bulkhead(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.logAgainAt = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Lets one more in.
     *
     * @param limit how many may be inside; it changes with the configuration, and those inside stay
     * @return whether it is in; then {@link #leave()} must follow
     */
    public boolean enter(int limit) {
        int now = inside.get();
        while (now < limit) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inside.get();
        }
        refused.incrementAndGet();
        return false;
    }

    /** Lets one out that was let in. */
    public void leave() {
        inside.decrementAndGet();
    }

    /** {@return how many are inside} */
    public int inside() {
        return inside.get();
    }

    /**
     * {@return how many were refused since this was last asked for the log; zero unless a minute has passed, so that a flood
     * of requests is no flood of records}
     */
    public long refusedToLog() {
        long now = nanoTime.getAsLong();
        long at = logAgainAt.get();
        return now - at >= 0 && logAgainAt.compareAndSet(at, now + QUIET_NANOS) ? refused.getAndSet(0) : 0;
    }
}
