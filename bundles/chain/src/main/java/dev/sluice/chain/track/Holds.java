package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Hold;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends holds whose bundle doesn't bring back what they wait for. That it does, the tracker sees, and the roster ends the hold.
 *
 * <p>A hold's time is counted once, from the moment the old instance has stopped; who stops and starts again meanwhile
 * doesn't prolong it. A bundle whose stop hangs is given as long as a drain and twice the hold may take.
 *
 * <p>A bundle that is active without its middleware ends its holds at once. But what its start brings may be registered by
 * somebody (Declarative Services) who hears of the start at the same time as this: so it counts only when an ordinary,
 * asynchronous listener is told, which is after all synchronous ones. As such an event may come late, after the bundle
 * has gone once more, starts are numbered: an event ends only holds that are older than its start.
 */
final class Holds {

    private static final Logger LOG = LoggerFactory.getLogger(Holds.class);

    /** How often a bundle has started, and of how many of these starts everybody has been told. */
    private static final class Starts {
        private int begun;
        private int told;
    }

    private final Chain chain;
    private final ScheduledExecutorService timer;
    private final Settings settings;

    // Guarded by this; the chain's monitor is never taken inside.
    private final Map<Hold, Integer> startsBefore = new HashMap<>();
    private final Map<Long, Starts> starts = new HashMap<>();

    Holds(Chain chain, ScheduledExecutorService timer, Settings settings) {
        this.chain = chain;
        this.timer = timer;
        this.settings = settings;
    }

    /** To be called when units of a bundle went, before their drain is waited for. */
    void began(long bundleId) {
        chain.roster().holds().filter(hold -> hold.bundleId() == bundleId).forEach(hold -> {
            if (isNew(hold)) {
                after(settings.longestHold(), hold, "its bundle didn't stop in time");
            }
        });
    }

    private synchronized boolean isNew(Hold hold) {
        int before = starts.containsKey(hold.bundleId()) ? starts.get(hold.bundleId()).begun : 0;
        return startsBefore.putIfAbsent(hold, before) == null;
    }

    /** To be called when the old instances of a bundle's middleware have stopped. */
    void stopped(long bundleId) {
        chain.roster().holds().filter(hold -> hold.bundleId() == bundleId).forEach(hold -> {
            Duration timeout = settings.holdTimeout();
            after(timeout, hold, "it didn't come back within " + timeout.toMillis() + " ms");
        });
    }

    /** To be called by a synchronous listener when a bundle has started. */
    synchronized void started(long bundleId) {
        starts.computeIfAbsent(bundleId, id -> new Starts()).begun++;
    }

    /** To be called by an asynchronous listener when a bundle has started: whatever that start registers is registered. */
    void everybodyToldOfStart(long bundleId) {
        int told = told(bundleId);
        chain.roster().holds().filter(hold -> hold.bundleId() == bundleId).forEach(hold -> {
            if (isOlder(hold, told)) {
                end(hold, "its bundle is active without it");
            }
        });
    }

    private synchronized int told(long bundleId) {
        Starts of = starts.computeIfAbsent(bundleId, id -> new Starts());
        return ++of.told;
    }

    private synchronized boolean isOlder(Hold hold, int start) {
        Integer before = startsBefore.get(hold);
        return before != null && before < start;
    }

    /** To be called by the asynchronous listener when a bundle is uninstalled: no start of it is told any more. */
    synchronized void forget(long bundleId) {
        starts.remove(bundleId);
    }

    private void after(Duration time, Hold hold, String why) {
        try {
            timer.schedule(() -> end(hold, why), time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("the chain's bundle stops: nothing is held any more");
        }
    }

    /** Does nothing if the hold has ended already; so nobody needs to cancel what is scheduled for it. */
    private void end(Hold hold, String why) {
        synchronized (this) {
            startsBefore.remove(hold);
        }
        long before = chain.current().generation();
        long after = chain.change(roster -> roster.endHolds(ended -> ended == hold), "hold of " + hold + " ends");
        if (after != before && chain.isOpen()) {
            LOG.warn("{} isn't waited for any longer: {}", hold, why);
        }
    }
}
