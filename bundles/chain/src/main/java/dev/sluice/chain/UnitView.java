package dev.sluice.chain;

import java.util.Optional;

/**
 * One version of one middleware, as an observer sees it.
 *
 * @param name the middleware's name
 * @param version the version of the bundle that provides it
 * @param symbolicName that bundle's symbolic name
 * @param bundleId that bundle's id
 * @param state where the unit stands
 * @param leases how many requests hold it now, in any snapshot
 * @param trip what made its trip switch trip; present in {@link UnitState#TRIPPED}, and also in {@link UnitState#SERVING} if
 *     it serves all the same, as no standby is left
 */
public record UnitView(
        String name,
        String version,
        String symbolicName,
        long bundleId,
        UnitState state,
        long leases,
        Optional<Trip> trip) {

    /** A unit that hasn't tripped. */
    public UnitView(String name, String version, String symbolicName, long bundleId, UnitState state, long leases) {
        this(name, version, symbolicName, bundleId, state, leases, Optional.empty());
    }
}
