package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.PoolSettings;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * All connections to upstreams: one pool for equal settings. Nothing is made before the first route needs it.
 *
 * <p>Safe for use by many threads: its state is guarded by its monitor. Requests don't come here.
 */
public final class Pools implements AutoCloseable {

    private static final class Counted {
        private final Pool pool;
        private int users;

        Counted(Pool pool) {
            this.pool = pool;
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
    public synchronized Pool acquire(PoolSettings settings) {
        if (closed) {
            throw new IllegalArgumentException("The proxy is stopping");
        }
        if (clients == null) {
            clients = new Clients();
        }
        Counted counted =
                pools.computeIfAbsent(settings, any -> new Counted(new Pool(settings, clients.start(settings))));
        counted.users++;
        return counted.pool;
    }

    /**
     * Gives a pool back. With the last one its connections are closed, on a thread of their own: this may be one of theirs.
     *
     * @param pool the pool
     */
    public synchronized void release(Pool pool) {
        Counted counted = pools.get(pool.settings());
        if (counted == null || counted.pool != pool || --counted.users > 0) {
            return;
        }
        pools.remove(pool.settings());
        Thread closing = new Thread(() -> LifeCycle.stop(pool.client()), "proxy-close");
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
        left.values().forEach(counted -> LifeCycle.stop(counted.pool.client()));
        if (last != null) {
            last.stop();
        }
    }
}
