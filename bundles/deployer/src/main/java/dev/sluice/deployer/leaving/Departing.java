package dev.sluice.deployer.leaving;

import dev.sluice.deployer.deployed.Roster;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Says of bundles that others stop what they are deployed as: who stops one may uninstall it next, or updates it in place. Bundle
 * events come on any thread; the roster and the witness are safe for that.
 */
public final class Departing implements SynchronousBundleListener {

    private final Roster roster;
    private final Witness witness;

    public Departing(Roster roster, Witness witness) {
        this.roster = roster;
        this.witness = witness;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING) {
            long bundle = event.getBundle().getBundleId();
            roster.ofBundle(bundle).ifPresent(deployed -> witness.mayLeave(bundle, deployed.departure()));
        }
    }
}
