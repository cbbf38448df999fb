package dev.sluice.proxy.config;

import java.util.List;
import java.util.Optional;

/**
 * One route, as configured and checked.
 *
 * @param name the route's name: what its file's name says, or {@code --upstream}
 * @param paths the patterns that it answers for: exact ({@code /a}) and prefixes ({@code /a/*}, {@code /*})
 * @param upstreams where requests go; at least one
 * @param strip what is taken off the path
 * @param timeouts how long an exchange may take
 * @param retries how often a request is tried elsewhere
 * @param health the active health check, if there is one
 * @param ejection when an upstream is left alone for a while
 * @param pool the connections
 * @param rewriting what is changed in the headers
 */
public record RouteSettings(
        String name,
        List<String> paths,
        List<UpstreamSettings> upstreams,
        Strip strip,
        Timeouts timeouts,
        Retries retries,
        Optional<HealthCheck> health,
        Ejection ejection,
        PoolSettings pool,
        Rewriting rewriting) {

    /** Makes the lists immutable. */
    public RouteSettings {
        paths = List.copyOf(paths);
        upstreams = List.copyOf(upstreams);
    }
}
