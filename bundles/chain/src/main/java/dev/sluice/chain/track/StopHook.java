package dev.sluice.chain.track;

import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Drains a bundle's units before the bundle stops. An activator may close what its middleware needs before the services are
 * unregistered, so the tracker alone would come too late; and a component that is re-activated stops no bundle, so this
 * alone would miss it. Both lead to the same drain, and whichever comes second finds nothing to wait for.
 */
final class StopHook implements SynchronousBundleListener {

    private final MiddlewareTracker tracker;
    private final Holds holds;
    private final Runnable containerStops;

    StopHook(MiddlewareTracker tracker, Holds holds, Runnable containerStops) {
        this.tracker = tracker;
        this.holds = holds;
        this.containerStops = containerStops;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        switch (event.getType()) {
            case BundleEvent.STOPPING -> {
                if (event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
                    containerStops.run();
                } else {
                    tracker.stopping(event.getBundle());
                }
            }
            case BundleEvent.STOPPED -> holds.stopped(event.getBundle().getBundleId());
            case BundleEvent.STARTED -> holds.started(event.getBundle().getBundleId());
            case BundleEvent.UNINSTALLED -> tracker.uninstalled(event.getBundle());
            default -> {
                // The rest changes nothing for requests.
            }
        }
    }
}
