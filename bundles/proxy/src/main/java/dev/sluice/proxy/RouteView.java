package dev.sluice.proxy;

import java.util.List;

/**
 * A route in force.
 *
 * @param name its name
 * @param file where it is written: a file, or {@code --upstream}
 * @param paths the patterns that it answers for
 * @param upstreams where requests go
 * @param upToDate whether this is what the file says now; if not, {@link RoutesView#refused()} has the reason
 */
public record RouteView(String name, String file, List<String> paths, List<UpstreamView> upstreams, boolean upToDate) {

    /** Makes the lists immutable. */
    public RouteView {
        paths = List.copyOf(paths);
        upstreams = List.copyOf(upstreams);
    }
}
