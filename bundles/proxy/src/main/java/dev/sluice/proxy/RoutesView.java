package dev.sluice.proxy;

import java.util.List;

/**
 * All routes, as they are at one moment.
 *
 * @param routes those in force, by name; that of {@code --upstream} first
 * @param refused the files that aren't taken, by name
 */
public record RoutesView(List<RouteView> routes, List<RefusedRoute> refused) {

    /** Makes the lists immutable. */
    public RoutesView {
        routes = List.copyOf(routes);
        refused = List.copyOf(refused);
    }
}
