package dev.sluice.listener;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Has the log say that paths are refused, and why: at most once in a minute, as clients choose how many there are.
 * Thread-safe: of those that come in the same moment one is the first.
 */
final class RefusedPaths {

    private static final long PAUSE_NANOS = 60_000_000_000L;

    private final Logger log;
    private final LongSupplier nanoTime;
    private final AtomicLong said;
    private final AtomicLong count = new AtomicLong();

    RefusedPaths(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.said = new AtomicLong(nanoTime.getAsLong() - PAUSE_NANOS);
    }

    /**
     * Counts one.
     *
     * @param reason why, in words that are no client's
     */
    void refused(String reason) {
        count.incrementAndGet();
        long now = nanoTime.getAsLong();
        long before = said.get();
        if (now - before >= PAUSE_NANOS && said.compareAndSet(before, now)) {
            log.info(
                    "{} more requests were answered with 400 because of their paths, the last one: {}",
                    count.getAndSet(0),
                    reason);
        }
    }
}
