package dev.sluice.deployer.leaving;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** Which bundles are wired to a bundle, and so would lose classes if it went. */
public final class InUse {

    private final BundleContext context;

    public InUse(BundleContext context) {
        this.context = context;
    }

    /**
     * Who needs a bundle. Those that only wait to be released themselves don't count, but whoever needs one of them does:
     * so bundles that need each other in a circle hold nobody.
     *
     * @param bundleId the bundle
     * @param waiting bundles that only wait to be released
     * @return the ids of the bundles that need it
     */
    public Set<Long> users(long bundleId, Set<Long> waiting) {
        Set<Long> users = new TreeSet<>();
        collect(bundleId, waiting, new HashSet<>(Set.of(bundleId)), users);
        return users;
    }

    private void collect(long bundleId, Set<Long> waiting, Set<Long> visited, Set<Long> users) {
        Bundle bundle = context.getBundle(bundleId);
        BundleWiring wiring = bundle == null ? null : bundle.adapt(BundleWiring.class);
        if (wiring == null) {
            return;
        }
        for (BundleWire wire : wiring.getProvidedWires(null)) {
            Bundle user = wire.getRequirer().getBundle();
            if (user.getState() == Bundle.UNINSTALLED || !visited.add(user.getBundleId())) {
                continue;
            }
            if (waiting.contains(user.getBundleId())) {
                collect(user.getBundleId(), waiting, visited, users);
            } else {
                users.add(user.getBundleId());
            }
        }
    }
}
