package dev.sluice.chain.snapshot;

import java.util.Collection;

/**
 * Gives units their trip switches. The writer asks it in its monitor, before a snapshot becomes the current one: so it may
 * not wait, and must leave what changes the chain to others.
 */
@FunctionalInterface
public interface Arming {

    /** Leaves every unit as it is. */
    Arming NONE = (chain, roster, serving) -> {};

    /**
     * Arms or disarms the units that will serve.
     *
     * @param chain the chain
     * @param roster what the next snapshot is made from
     * @param serving the units that will serve in it
     */
    void arm(Chain chain, Roster roster, Collection<Unit> serving);
}
