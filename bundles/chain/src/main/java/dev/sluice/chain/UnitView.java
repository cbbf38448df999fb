package dev.sluice.chain;

import java.util.List;

/**
 * One version of one middleware, as an observer sees it.
 *
 * @param name the middleware's name
 * @param version the version of the bundle that provides it
 * @param symbolicName that bundle's symbolic name
 * @param bundleId that bundle's id
 * @param state where the unit stands
 * @param leases how many requests hold it now, in any snapshot
 * @param stuck the threads that are inside it past its deadline, until they come back
 */
public record UnitView(
        String name,
        String version,
        String symbolicName,
        long bundleId,
        UnitState state,
        long leases,
        List<StuckThread> stuck) {

    /** Keeps its own copy of the list. */
    public UnitView {
        stuck = List.copyOf(stuck);
    }

    /** One in which no thread is stuck. */
    public UnitView(String name, String version, String symbolicName, long bundleId, UnitState state, long leases) {
        this(name, version, symbolicName, bundleId, state, leases, List.of());
    }
}
