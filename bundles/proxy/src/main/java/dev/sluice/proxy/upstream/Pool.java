package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.PoolSettings;
import org.eclipse.jetty.client.HttpClient;

/** Connections to upstreams: one client, started. Made and counted by {@link Pools}. */
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

    /** {@return the client. It adds nothing of its own to requests, and follows, decodes and remembers nothing} */
    public HttpClient client() {
        return client;
    }
}
