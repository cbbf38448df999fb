package dev.sluice.admin.console;

import java.util.Optional;
import java.util.function.LongPredicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Tells the container's own bundles from those that an operator may stop. */
final class Bundles {

    /** The launcher installs the container's bundles by reference; nobody else does. */
    private static final String BY_REFERENCE = "reference:";

    private static final String OWN_NAME = "dev.sluice.";
    private static final String MIDDLEWARE_LOCATION = "sluice:";

    private final BundleContext context;
    private final LongPredicate deployed;

    /**
     * Looks at the bundles of a framework.
     *
     * @param context any valid context
     * @param deployed whether a bundle was installed by the deployer; no for all while it is away
     */
    Bundles(BundleContext context, LongPredicate deployed) {
        this.context = context;
        this.deployed = deployed;
    }

    /** {@return the bundle's name for a message, with its id; empty if there is none} */
    Optional<String> name(long id) {
        return Optional.ofNullable(context.getBundle(id))
                .map(bundle -> bundle.getSymbolicName() + " (bundle " + id + ")");
    }

    /** {@return whether a bundle is the framework or one that the container is made of} */
    boolean isContainers(long id) {
        Bundle bundle = context.getBundle(id);
        if (id == Constants.SYSTEM_BUNDLE_ID || bundle == null) {
            return true;
        }
        if (deployed.test(id) || bundle.getLocation().startsWith(MIDDLEWARE_LOCATION)) {
            return false;
        }
        String name = bundle.getSymbolicName();
        return bundle.getLocation().startsWith(BY_REFERENCE) || name == null || name.startsWith(OWN_NAME);
    }
}
