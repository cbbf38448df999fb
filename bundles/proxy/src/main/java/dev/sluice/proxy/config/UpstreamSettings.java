package dev.sluice.proxy.config;

/**
 * One upstream of a route.
 *
 * @param address where it is
 * @param weight its share among the route's upstreams; at least 1
 */
public record UpstreamSettings(Address address, int weight) {}
