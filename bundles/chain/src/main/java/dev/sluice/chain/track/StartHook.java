package dev.sluice.chain.track;

import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;

/**
 * Tells the holds which bundles have started and shown all that their start brings. It must not be synchronous: only so is
 * it told after all synchronous listeners (OSGi Core 4.7.3), Declarative Services among them.
 */
final class StartHook implements BundleListener {

    private final Holds holds;

    StartHook(Holds holds) {
        this.holds = holds;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        switch (event.getType()) {
            case BundleEvent.STARTED ->
                holds.everybodyToldOfStart(event.getBundle().getBundleId());
            case BundleEvent.UNINSTALLED -> holds.forget(event.getBundle().getBundleId());
            default -> {
                // The rest brings nothing back.
            }
        }
    }
}
