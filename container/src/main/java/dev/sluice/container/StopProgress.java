package dev.sluice.container;

import java.util.function.LongSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/**
 * How far the framework's stop has come. Requests are drained while the framework tells that it stops, and it does the rest
 * on the same thread: so the first bundle of which that thread tells anything shows that the drain is over, however long it
 * was allowed to take. Bundles that others stop, on other threads, show nothing. Safe for any thread.
 */
final class StopProgress implements SynchronousBundleListener {

    private final Bundle framework;
    private final int highestStartLevel;
    private final LongSupplier clock;

    // Guarded by this.
    private Thread stopping;
    private boolean drained;
    private long drainedAt;
    private long last;

    /**
     * @param framework the framework
     * @param highestStartLevel the start level of what stops first
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    StopProgress(Bundle framework, int highestStartLevel, LongSupplier clock) {
        this.framework = framework;
        this.highestStartLevel = highestStartLevel;
        this.clock = clock;
    }

    @Override
    public synchronized void bundleChanged(BundleEvent event) {
        if (event.getBundle().getBundleId() == 0) {
            if (event.getType() == BundleEvent.STOPPING) {
                stopping = Thread.currentThread();
            }
        } else if (Thread.currentThread() == stopping) {
            moved();
        }
    }

    /** {@return whether the drain is over, and bundles are being stopped} */
    synchronized boolean isDrained() {
        // The first one that it comes to may be one that it can't lock, of which it tells nothing.
        if (!drained && stopping != null && isBelowTheHighest()) {
            moved();
        }
        return drained;
    }

    /** {@return for how many nanoseconds bundles have been stopping by now} */
    synchronized long sinceDrain() {
        return clock.getAsLong() - drainedAt;
    }

    /** {@return for how many nanoseconds the framework has not got on with its bundles} */
    synchronized long sinceLast() {
        return clock.getAsLong() - last;
    }

    private void moved() {
        last = clock.getAsLong();
        if (!drained) {
            drained = true;
            drainedAt = last;
        }
    }

    private boolean isBelowTheHighest() {
        try {
            FrameworkStartLevel level = framework.adapt(FrameworkStartLevel.class);
            return level != null && level.getStartLevel() < highestStartLevel;
        } catch (IllegalStateException e) {
            return false; // it has stopped just now
        }
    }
}
