package dev.sluice.proxy.exchange;

import dev.sluice.proxy.upstream.LogText;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Has the log say that paths aren't forwarded: at most once in a minute, as clients choose how many there are. Thread-safe: of
 * those that come in the same moment one is the first.
 */
final class RefusedPaths {

    private static final long PAUSE_NANOS = 60_000_000_000L;
    private static final int LENGTH = 500;

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
     * @param route the route that it would have taken
     * @param path the path, as the client sent it
     */
    void refused(String route, String path) {
        count.incrementAndGet();
        long now = nanoTime.getAsLong();
        long before = said.get();
        if (now - before >= PAUSE_NANOS && said.compareAndSet(before, now)) {
            log.info(
                    "{} more requests were answered with 400, as their paths can be read in more than one way; the last one,"
                            + " for route {}: {}",
                    count.getAndSet(0),
                    route,
                    LogText.line(path, LENGTH));
        }
    }
}
