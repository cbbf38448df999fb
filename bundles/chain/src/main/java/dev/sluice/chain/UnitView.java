package dev.sluice.chain;

/**
 * One version of one middleware, as an observer sees it.
 *
 * @param name the middleware's name
 * @param version the version of the bundle that provides it
 * @param symbolicName that bundle's symbolic name
 * @param bundleId that bundle's id
 * @param state where the unit stands
 * @param leases how many requests hold it now, in any snapshot
 */
public record UnitView(String name, String version, String symbolicName, long bundleId, UnitState state, long leases) {}
