package dev.sluice.chain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

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
 * @param trip what made its trip switch trip; present in {@link UnitState#TRIPPED}, and also in {@link UnitState#SERVING} if
 *     it serves all the same, as no standby is left
 * @param share the part of the place's requests that it gets, from 0 to 1, of those that ask for nothing; empty unless several
 *     units share them
 */
public record UnitView(
        String name,
        String version,
        String symbolicName,
        long bundleId,
        UnitState state,
        long leases,
        List<StuckThread> stuck,
        Optional<Trip> trip,
        OptionalDouble share) {

    /** Keeps its own copy of the list. */
    public UnitView {
        stuck = List.copyOf(stuck);
    }

    /** One that shares its requests with no other. */
    public UnitView(
            String name,
            String version,
            String symbolicName,
            long bundleId,
            UnitState state,
            long leases,
            List<StuckThread> stuck,
            Optional<Trip> trip) {
        this(name, version, symbolicName, bundleId, state, leases, stuck, trip, OptionalDouble.empty());
    }

    /** One that hasn't tripped, and in which no thread is stuck. */
    public UnitView(String name, String version, String symbolicName, long bundleId, UnitState state, long leases) {
        this(name, version, symbolicName, bundleId, state, leases, List.of(), Optional.empty());
    }
}
