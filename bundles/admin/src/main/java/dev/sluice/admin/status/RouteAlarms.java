package dev.sluice.admin.status;

import dev.sluice.proxy.RefusedRoute;
import dev.sluice.proxy.RouteView;
import dev.sluice.proxy.RoutesView;
import dev.sluice.proxy.UpstreamState;
import java.util.List;
import java.util.stream.Stream;

/** Says of each file of a route that is refused why, and of each route what is wrong with all its upstreams. */
final class RouteAlarms {

    private RouteAlarms() {}

    static List<String> of(RoutesView routes) {
        return Stream.concat(
                        routes.refused().stream().map(RouteAlarms::refused),
                        routes.routes().stream()
                                .filter(RouteAlarms::hasNoneInUse)
                                .map(RouteAlarms::noneInUse))
                .toList();
    }

    static String refused(RefusedRoute route) {
        String what = route.file() + " is not taken: " + route.reason() + ".";
        if (route.lastGood()) {
            return what + " The route " + route.name() + " goes on as the file said before.";
        }
        if (!route.blocked().isEmpty()) {
            return what + " Requests on " + route.blocked() + " are answered with 503.";
        }
        return route.paths().isEmpty()
                ? what + " Which paths it is for can't be made out, so requests on them"
                        + " go where other routes have them go, or get 404."
                : what;
    }

    /**
     * {@return whether requests don't get where the file is to lead them, or may not (where that can't be made out), since the
     * start} One that comes later takes no instance out of service: sent to all, it would take out all of them.
     */
    static boolean takesRequestsTheirWay(RefusedRoute route) {
        return route.atStart()
                && (!route.blocked().isEmpty()
                        || !route.lastGood() && route.paths().isEmpty());
    }

    private static boolean hasNoneInUse(RouteView route) {
        return route.upstreams().stream().noneMatch(upstream -> upstream.state() == UpstreamState.IN_USE);
    }

    private static String noneInUse(RouteView route) {
        return "All upstreams of the route " + route.name() + " on " + route.paths()
                + " fail, so requests are tried with each of them all the same. Their last failures are in the status,"
                + " under routes.";
    }
}
