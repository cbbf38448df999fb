package dev.sluice.proxy;

import org.osgi.annotation.versioning.ProviderType;

/** The routes that requests are forwarded by, to look at. Safe for use by many threads. */
@ProviderType
public interface Routes {

    /** {@return the routes as they are now} */
    RoutesView view();
}
