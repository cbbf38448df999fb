package dev.sluice.unload.witness;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Asks for collections while somebody needs one, at most so often, for a short time each. Used by one thread. Time is in
 * nanoseconds.
 */
final class Probe {

    /** As many as it takes until what is young has become old, and is collected. */
    private static final int MOST_COLLECTIONS = 60;

    private static final long MOST_NANOS = Duration.ofSeconds(5).toNanos();

    /** So many times in vain, and the interval doubles from then on. */
    private static final int PATIENT = 3;

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final Collections collections;
    private final LongSupplier nanos;

    /** How often it has asked since somebody got something of it. */
    private int inVain;

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
        if (!needed || hindered().isPresent()) {
            return Long.MAX_VALUE;
        }
        long wait = everAsked ? begun + pause(interval) - now : 0;
        if (wait > 0) {
            return wait;
        }
        asking = true;
        everAsked = true;
        inVain++;
        begun = now;
        counted = collections.count();
        collections.begin();
        return MOST_NANOS / 20;
    }

    /** A collection took what was waited for, or somebody new waits: the interval counts again. */
    void fruitful() {
        inVain = 0;
    }

    /** Where no collection takes class loaders, asking all the time would only cost. */
    private long pause(Duration interval) {
        long longest = Math.max(LONGEST_PAUSE.toNanos(), interval.toNanos());
        long pause = interval.toNanos();
        for (int doubled = PATIENT; doubled < inVain && pause < longest; doubled++) {
            pause *= 2;
        }
        return Math.min(pause, longest);
    }

    /** {@return why asking doesn't help in this JVM, in a sentence that says what to do; empty if it does} */
    Optional<String> hindered() {
        return collections.hindered();
    }

    void stop() {
        asking = false;
        collections.end();
    }
}
