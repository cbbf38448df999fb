package dev.sluice.proxy.route;

import dev.sluice.proxy.RefusedRoute;
import dev.sluice.proxy.RouteView;
import dev.sluice.proxy.RoutesView;
import dev.sluice.proxy.config.RouteBook.Line;
import dev.sluice.proxy.config.RouteSettings;
import dev.sluice.proxy.config.Strip;
import dev.sluice.proxy.upstream.Members;
import dev.sluice.proxy.upstream.Membership;
import dev.sluice.proxy.upstream.Pool;
import dev.sluice.proxy.upstream.Pools;
import dev.sluice.proxy.upstream.RetryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;

/**
 * Which path goes where. The longest pattern wins, and an exact one goes before all; as for servlets.
 *
 * <p>Requests read one immutable snapshot. A change makes the next, puts it in place, and only then lets go of the routes
 * that aren't in it; requests that are on them end on them. Changes are serialised by the caller.
 */
public final class RouteTable implements Router, AutoCloseable {

    private static final Way NOWHERE = new Way.Nowhere();

    /** What a pattern leads to. */
    private sealed interface Target {

        record ToRoute(Route route, String prefix) implements Target {}

        record Blocked(Way.Refused way) implements Target {}
    }

    /** Its mappings are never changed once it is in place. */
    private record Snapshot(List<Line> lines, Map<String, Route> routes, PathMappings<Target> targets) {

        List<String> blocked(Line line) {
            return line.paths().stream()
                    .filter(path -> targets.get(new ServletPathSpec(path)) instanceof Target.Blocked blocked
                            && blocked.way.route().equals(line.name()))
                    .toList();
        }
    }

    private final Pools pools;
    private final Membership membership;
    private final LongSupplier nanoTime;
    private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of(), new PathMappings<>());

    /**
     * Makes a table without routes.
     *
     * @param pools the connections
     * @param membership the upstreams
     * @param nanoTime a monotonic clock
     */
    public RouteTable(Pools pools, Membership membership, LongSupplier nanoTime) {
        this.pools = pools;
        this.membership = membership;
        this.nanoTime = nanoTime;
    }

    @Override
    public Way enter(String path) {
        while (true) {
            MatchedResource<Target> match = snapshot.targets.getMatched(path);
            if (match == null) {
                return NOWHERE;
            }
            if (match.getResource() instanceof Target.Blocked blocked) {
                return blocked.way;
            }
            Target.ToRoute target = (Target.ToRoute) match.getResource();
            if (target.route.enter()) {
                return new Way.Along(target.route.visit(strip(target, path)));
            }
            // It has just ended, so it isn't in the table any more: look again.
        }
    }

    private static String strip(Target.ToRoute target, String path) {
        Strip strip = target.route.settings().strip();
        if (strip.ofPattern()) {
            return target.prefix;
        }
        String off = strip.path();
        boolean begins = path.startsWith(off) && (path.length() == off.length() || path.charAt(off.length()) == '/');
        return begins ? off : "";
    }

    /**
     * Puts routes in place of those that are there. What is equal stays; upstreams that the change doesn't concern keep
     * what is known of them, and connections stay open where their settings are the same.
     *
     * @param lines the routes, and the files that are refused
     * @throws IllegalArgumentException if the connections of one can't be made; then nothing has changed
     */
    public void replace(List<Line> lines) {
        Snapshot before = snapshot;
        Map<String, Route> routes = new HashMap<>();
        try {
            for (Line line : lines) {
                line.inForce()
                        .ifPresent(
                                settings -> routes.put(line.name(), route(settings, before.routes.get(line.name()))));
            }
        } catch (RuntimeException e) {
            leave(routes, before.routes);
            throw e;
        }
        snapshot = new Snapshot(List.copyOf(lines), Map.copyOf(routes), targets(lines, routes));
        leave(before.routes, routes);
        membership.keep(routes.values().stream().map(Route::members).toList());
    }

    private static void leave(Map<String, Route> from, Map<String, Route> to) {
        Set<Route> stay = new HashSet<>(to.values());
        from.values().stream().filter(route -> !stay.contains(route)).forEach(Route::leave);
    }

    private Route route(RouteSettings settings, Route before) {
        if (before != null && before.settings().equals(settings)) {
            return before;
        }
        Pool pool = pools.acquire(settings.pool());
        Members members = membership.of(settings, pool);
        boolean sameBudget = before != null
                && before.settings().retries().budgetPercent()
                        == settings.retries().budgetPercent();
        RetryBudget budget = sameBudget
                ? before.retryBudget()
                : new RetryBudget(settings.retries().budgetPercent(), nanoTime);
        return new Route(settings, members, pool, budget, () -> pools.release(pool));
    }

    private static PathMappings<Target> targets(List<Line> lines, Map<String, Route> routes) {
        PathMappings<Target> targets = new PathMappings<>();
        Set<String> taken = new HashSet<>();
        routes.values().forEach(route -> route.settings().paths().forEach(path -> {
            String prefix = path.endsWith("/*") ? path.substring(0, path.length() - 2) : "";
            targets.put(new ServletPathSpec(path), new Target.ToRoute(route, prefix));
            taken.add(path);
        }));
        // A path that an operator meant to lead somewhere must not lead to where a shorter one does.
        lines.stream().filter(line -> line.inForce().isEmpty()).forEach(line -> line.paths().stream()
                .filter(taken::add)
                .forEach(path ->
                        targets.put(new ServletPathSpec(path), new Target.Blocked(new Way.Refused(line.name())))));
        return targets;
    }

    /** {@return the routes as they are now} */
    public RoutesView view() {
        Snapshot now = snapshot;
        List<RouteView> routes = new ArrayList<>();
        List<RefusedRoute> refused = new ArrayList<>();
        for (Line line : now.lines) {
            Route route = now.routes.get(line.name());
            if (route != null) {
                routes.add(new RouteView(
                        line.name(),
                        line.file(),
                        route.settings().paths(),
                        route.members().views(),
                        line.refusal().isEmpty()));
            }
            line.refusal()
                    .ifPresent(reason -> refused.add(new RefusedRoute(
                            line.name(),
                            line.file(),
                            reason,
                            route != null,
                            line.paths(),
                            now.blocked(line),
                            line.atStart())));
        }
        return new RoutesView(routes, refused);
    }

    /** Takes all routes away; their connections are closed when the requests on them have ended. */
    @Override
    public void close() {
        replace(List.of());
    }
}
