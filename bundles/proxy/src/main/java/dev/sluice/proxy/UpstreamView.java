package dev.sluice.proxy;

import java.time.Instant;
import java.util.Optional;

/**
 * How an upstream of a route is doing.
 *
 * @param address where it is
 * @param weight its share among the route's upstreams
 * @param state whether requests go there
 * @param inFlight how many requests are there now
 * @param failures how many requests and health checks have failed there since it was configured
 * @param lastFailure why the last of them did
 * @param lastFailureAt when
 */
public record UpstreamView(
        String address,
        int weight,
        UpstreamState state,
        long inFlight,
        long failures,
        Optional<String> lastFailure,
        Optional<Instant> lastFailureAt) {}
