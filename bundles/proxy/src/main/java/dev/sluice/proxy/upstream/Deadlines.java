package dev.sluice.proxy.upstream;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Watches the deadlines of what goes on over a pool's connections, with one timer for all: most are put off again and again, and
 * hardly one ever passes. Safe for use by many threads.
 */
public final class Deadlines extends CyclicTimeouts<Deadlines.Deadline> {

    /** A deadline; its time is {@link #getExpireNanoTime()}. */
    public interface Deadline extends Expirable {

        /** Its time has come: it is put off, or what it is about is ended. May be called more than once, also at the same time. */
        void passed();
    }

    private final Set<Deadline> open = ConcurrentHashMap.newKeySet();
    private final Executor executor;

    Deadlines(Scheduler scheduler, Executor executor) {
        super(scheduler);
        this.executor = executor;
    }

    /**
     * Watches a deadline from now on.
     *
     * @param deadline the deadline
     */
    public void watch(Deadline deadline) {
        open.add(deadline);
        schedule(deadline);
    }

    /**
     * Watches it no more.
     *
     * @param deadline the deadline
     */
    public void forget(Deadline deadline) {
        open.remove(deadline);
    }

    @Override
    protected Iterator<Deadline> iterator() {
        return open.iterator();
    }

    /** Elsewhere: what is ended leads to much, and the timer's thread is there for all. */
    @Override
    protected boolean onExpired(Deadline deadline) {
        try {
            executor.execute(() -> {
                deadline.passed();
                if (open.contains(deadline)) {
                    schedule(deadline);
                }
            });
        } catch (RejectedExecutionException e) {
            // The proxy stops, and ends all that goes on.
            return true;
        }
        return false;
    }
}
