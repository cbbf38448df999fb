package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.PoolSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * All connections to upstreams: one pool for equal settings. Nothing is made before the first route needs it.
 *
 * <p>Safe for use by many threads: its state is guarded by its monitor. Requests come here when they are the last on a route that
 * has gone, so nothing takes its time in it: a client is started outside, under a monitor of its own.
 */
public final class Pools implements AutoCloseable {

    private static final class Counted {
        private final Clients clients;
        /** Guarded by the pools' monitor. */
        private int users;

        /** Written under this object's monitor. */
        private volatile Pool pool;

        Counted(Clients clients) {
            this.clients = clients;
        }

        synchronized Pool started(PoolSettings settings) {
            if (pool == null) {
                pool = new Pool(settings, clients.start(settings));
            }
            return pool;
        }
    }

    private final Map<PoolSettings, Counted> pools = new HashMap<>();
    private Clients clients;
    private boolean closed;

    /**
     * The pool with these settings, which is kept until it is released as often as it was acquired.
     *
     * @param settings the settings
     * @return the pool, started
     * @throws IllegalArgumentException if no client can be made with them (a trust file that isn't one); the message says why
     */
    public Pool acquire(PoolSettings settings) {
        Counted counted = count(settings);
        Pool pool;
        try {
            pool = counted.started(settings);
        } catch (RuntimeException e) {
            uncount(settings, counted);
            throw e;
        }
        synchronized (this) {
            if (!closed) {
                return pool;
            }
        }
        // Closed in between, without it perhaps.
        pool.stop();
        throw stopping();
    }

    private synchronized Counted count(PoolSettings settings) {
        if (closed) {
            throw stopping();
        }
        if (clients == null) {
            clients = new Clients();
        }
        Counted counted = pools.computeIfAbsent(settings, any -> new Counted(clients));
        counted.users++;
        return counted;
    }

    private static IllegalArgumentException stopping() {
        return new IllegalArgumentException("The proxy is stopping");
    }

    /** {@return whether nobody uses it any more} */
    private synchronized boolean uncount(PoolSettings settings, Counted counted) {
        return --counted.users == 0 && pools.remove(settings, counted);
    }

    /**
     * Gives a pool back. With the last one its connections are closed, on a thread of their own: this may be one of theirs.
     *
     * @param pool the pool
     */
    public synchronized void release(Pool pool) {
        Counted counted = pools.get(pool.settings());
        if (counted == null || counted.pool != pool || !uncount(pool.settings(), counted)) {
            return;
        }
        Thread closing = new Thread(null, pool::stop, "proxy-close", 0, false);
        closing.setDaemon(true);
        closing.start();
    }

    /** Closes all of them, and waits for it. Requests that are still on their way fail. */
    @Override
    public void close() {
        Map<PoolSettings, Counted> left;
        Clients last;
        synchronized (this) {
            closed = true;
            left = Map.copyOf(pools);
            pools.clear();
            last = clients;
            clients = null;
        }
        left.values().stream()
                .map(counted -> counted.pool)
                .filter(Objects::nonNull)
                .forEach(Pool::stop);
        if (last != null) {
            last.stop();
        }
    }
}
