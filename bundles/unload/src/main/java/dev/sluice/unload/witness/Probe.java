package dev.sluice.unload.witness;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Asks for collections while somebody needs one, at most so often, for a short time each. Used by one thread. Time is in
 * nanoseconds.
 */
final class Probe {

    /** As many as it takes until what is young has become old, and is collected. */
    private static final int MOST_COLLECTIONS = 60;

    private static final long MOST_NANOS = Duration.ofSeconds(5).toNanos();

    private final Collections collections;
    private final LongSupplier nanos;

    private boolean asking;
    private boolean everAsked;
    private long begun;
    private long counted;

    Probe(Collections collections, LongSupplier nanos) {
        this.collections = collections;
        this.nanos = nanos;
    }

    /**
     * Stops asking, if it has asked for as long as it does at a time. To be called before {@link #tell}.
     *
     * @return whether it has
     */
    boolean pause() {
        boolean over = asking
                && (nanos.getAsLong() - begun >= MOST_NANOS || collections.count() - counted >= MOST_COLLECTIONS);
        if (over) {
            stop();
        }
        return over;
    }

    /**
     * Asks, or stops asking.
     *
     * @param needed whether somebody needs a collection
     * @param interval how long after it last began to ask it may again
     * @return how long until it has to be told again; for ever, if it needn't
     */
    long tell(boolean needed, Duration interval) {
        long now = nanos.getAsLong();
        if (asking && !needed) {
            stop();
        }
        if (asking) {
            return MOST_NANOS / 20;
        }
        if (!needed) {
            return Long.MAX_VALUE;
        }
        long wait = everAsked ? begun + interval.toNanos() - now : 0;
        if (wait > 0) {
            return wait;
        }
        asking = true;
        everAsked = true;
        begun = now;
        counted = collections.count();
        collections.begin();
        return MOST_NANOS / 20;
    }

    void stop() {
        asking = false;
        collections.end();
    }
}
