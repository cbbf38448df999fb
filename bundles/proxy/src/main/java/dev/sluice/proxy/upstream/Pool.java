package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.PoolSettings;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.util.component.LifeCycle;

/** Connections to upstreams: one client, started. Made and counted by {@link Pools}. */
public final class Pool {

    private final PoolSettings settings;
    private final HttpClient client;
    private final Deadlines deadlines;

    Pool(PoolSettings settings, HttpClient client) {
        this.settings = settings;
        this.client = client;
        this.deadlines = new Deadlines(client.getScheduler(), client.getExecutor());
    }

    /** {@return what it was made by} */
    public PoolSettings settings() {
        return settings;
    }

    /** {@return the client. It adds nothing of its own to requests, and follows, decodes and remembers nothing} */
    public HttpClient client() {
        return client;
    }

    /** {@return what watches the deadlines of requests over these connections} */
    public Deadlines deadlines() {
        return deadlines;
    }

    /**
     * Whether all connections that there may be to an upstream are there. Who waits for one waits for other requests then, and else
     * for the upstream to take another connection.
     *
     * @param upstream the upstream
     * @return whether there may be no more
     */
    public boolean isFull(Address upstream) {
        return client.getDestinations().stream()
                .filter(destination -> isOf(destination, upstream))
                .map(Destination::getConnectionPool)
                .anyMatch(pool -> pool instanceof AbstractConnectionPool connections
                        && connections.getPendingConnectionCount() == 0
                        && connections.getConnectionCount() >= settings.connectionsMax());
    }

    private static boolean isOf(Destination destination, Address upstream) {
        Origin origin = destination.getOrigin();
        return origin.getTag() == null
                && origin.getScheme().equals(upstream.scheme())
                && origin.getAddress().getPort() == upstream.port()
                && origin.getAddress().getHost().equals(upstream.host());
    }

    void stop() {
        LifeCycle.stop(client);
        deadlines.destroy();
    }
}
