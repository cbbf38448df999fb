package dev.sluice.deployer.leaving;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.OpenRequests;
import dev.sluice.deployer.deployed.Roster;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Says of bundles that somebody stops what they are deployed as, and which requests are still in them: who stops one may uninstall it
 * next, or updates it in place. Those that the deployer releases have had their time; requests as event streams hold them still.
 * Bundle events come on any thread; the roster, the chain and the witness are safe for that.
 */
public final class Departing implements SynchronousBundleListener {

    private final Roster roster;
    private final ChainControl chain;
    private final Witness witness;

    public Departing(Roster roster, ChainControl chain, Witness witness) {
        this.roster = roster;
        this.chain = chain;
        this.witness = witness;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        long bundle = event.getBundle().getBundleId();
        if (event.getType() == BundleEvent.STOPPING) {
            roster.ofBundle(bundle).ifPresent(deployed -> witness.mayLeave(bundle, deployed.departure()));
        } else if (event.getType() == BundleEvent.STOPPED) {
            // By now its services have gone, and so its units have left the chain.
            witness.requestsIn(bundle, requests(bundle));
        }
    }

    private OpenRequests requests(long bundle) {
        try {
            return chain.requests(bundle);
        } catch (IllegalStateException e) {
            // The chain is away: no request runs.
            return OpenRequests.none();
        }
    }
}
