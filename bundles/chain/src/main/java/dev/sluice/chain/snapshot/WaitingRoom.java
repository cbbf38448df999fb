package dev.sluice.chain.snapshot;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where requests wait while a middleware on their way is about to come back. They hold no lease, so nothing waits for them
 * in turn; each sleeps until the next snapshot is published, and looks again.
 *
 * <p>It has a limit, because a request that waits keeps its thread: on a JVM without virtual threads, one of the few that
 * all requests share. The limits may change at any time; requests that wait already keep theirs.
 */
public final class WaitingRoom {

    /**
     * How much may wait.
     *
     * @param places how many requests at a time
     * @param longest how long one request may wait until it has its lease, from when it is first held, whatever it waits for
     */
    public record Limits(int places, Duration longest) {}

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Limits limits;

    /**
     * Makes it, empty.
     *
     * @param limits how much may wait
     */
    public WaitingRoom(Limits limits) {
        this.limits = limits;
    }

    /** Sets other limits. */
    public void limit(Limits limits) {
        this.limits = limits;
    }

    /** {@return how many requests wait now} */
    public int waiting() {
        return waiting.get();
    }

    /** {@return a place in it, until it is closed; null if all are taken} */
    Visit enter() {
        Limits now = limits;
        // Counted before it is compared, so that no two requests get the last place.
        if (waiting.incrementAndGet() > now.places()) {
            waiting.decrementAndGet();
            return null;
        }
        return new Visit(System.nanoTime() + now.longest().toNanos());
    }

    /** One request's stay, until it has its lease or is refused. */
    final class Visit implements AutoCloseable {

        private final long end;

        private Visit(long end) {
            this.end = end;
        }

        /** {@return whether another snapshot is the current one now; if not, or not yet, the request has waited long enough} */
        boolean until(Snapshot snapshot) {
            long left = end - System.nanoTime();
            return left > 0 && Bounded.await(snapshot.replaced(), Duration.ofNanos(left));
        }

        @Override
        public void close() {
            waiting.decrementAndGet();
        }
    }
}
