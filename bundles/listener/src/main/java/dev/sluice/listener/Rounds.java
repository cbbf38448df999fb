package dev.sluice.listener;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts watches in rounds, a little after they were asked for. Most requests are answered by then, and cost no more than a
 * place in a queue; a watch of each would wake a selector each time.
 *
 * <p>Thread-safe. A round is due whenever something is in the queue: who adds to it sees either that none is due and has
 * one scheduled, or one that has not begun to empty the queue.
 */
final class Rounds {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private final Scheduler scheduler;
    private final long pauseMillis;
    private final Queue<WatchedStream> asked = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean due = new AtomicBoolean();

    Rounds(Scheduler scheduler, long pauseMillis) {
        this.scheduler = scheduler;
        this.pauseMillis = pauseMillis;
    }

    /** Whether these are rounds of that scheduler: with a Jetty that was stopped its scheduler has stopped, too. */
    boolean by(Scheduler other) {
        return scheduler == other;
    }

    void add(WatchedStream stream) {
        asked.add(stream);
        if (!due.get() && due.compareAndSet(false, true)) {
            scheduler.schedule(this::round, pauseMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void round() {
        due.set(false);
        for (WatchedStream stream = asked.poll(); stream != null; stream = asked.poll()) {
            try {
                stream.start();
            } catch (RuntimeException e) {
                // It goes unwatched, which is no harm to its request; the others are watched.
                LOG.debug("a connection can't be watched", e);
            }
        }
    }
}
