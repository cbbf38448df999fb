package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.PoolSettings;
import org.eclipse.jetty.client.HttpClient;

/** Connections to upstreams: one client. Made and counted by {@link Pools}. */
public final class Pool {

    private final PoolSettings settings;
    private final HttpClient client;

    Pool(PoolSettings settings, HttpClient client) {
        this.settings = settings;
        this.client = client;
    }

    /** {@return what it was made by} */
    public PoolSettings settings() {
        return settings;
    }

    /** {@return the client, started; for this package and the exchange} */
    public HttpClient client() {
        return client;
    }
}
