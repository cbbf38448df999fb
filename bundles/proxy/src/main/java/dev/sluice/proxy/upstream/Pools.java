package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.PoolSettings;

/** All connections to upstreams: one pool for equal settings, made when the first route needs it. */
public final class Pools implements AutoCloseable {

    /**
     * The pool with these settings, which is kept until it is released as often as it was acquired.
     *
     * @param settings the settings
     * @return the pool, started
     * @throws IllegalArgumentException if no client can be made with them (a trust file that isn't one); the message says why
     */
    public Pool acquire(PoolSettings settings) {
        throw new UnsupportedOperationException("in the next commit");
    }

    /**
     * Gives a pool back. With the last one its connections are closed, on a thread of their own.
     *
     * @param pool the pool
     */
    public void release(Pool pool) {}

    /** Closes all. */
    @Override
    public void close() {}
}
