package dev.sluice.chain.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Knows what holds each unit: the current snapshot, if the unit serves in it, and each route of a retired snapshot that
 * requests are still on. When the last of them is gone the unit is free.
 *
 * <p>The writer tells it of each publication; the request that gives back the last lease of a retired route tells it of
 * that. Both take one lock for a moment; futures are completed outside it, on the thread that made the unit free.
 */
final class Drains {

    /** How many hold the unit, and who wants to know when none does. */
    private static final class Hold {
        private int count;
        private final CompletableFuture<Void> free = new CompletableFuture<>();
    }

    // Guarded by this.
    private final Map<Unit, Hold> holds = new HashMap<>();
    private final Set<Route> routes = new HashSet<>();
    private CompletableFuture<Void> allFree = CompletableFuture.completedFuture(null);

    /** To be called by the writer after {@code after} has become the current snapshot. */
    void published(Snapshot before, Snapshot after) {
        List<Route> retired = new ArrayList<>();
        synchronized (this) {
            after.servingUnlike(before).forEach(this::hold);
            // All that a request can still be on are in the queue by now: see Snapshot and LeaseGate.
            for (Route route : before.routes()) {
                retired.add(route);
                route.units().forEach(this::hold);
                if (routes.isEmpty()) {
                    allFree = new CompletableFuture<>();
                }
                routes.add(route);
            }
        }
        retired.forEach(route -> route.gate().retire(() -> emptied(route)));
        release(before.servingUnlike(after));
    }

    /**
     * Takes note of a route that is in no snapshot, with one lease on it, before that lease leaves the route that it was on:
     * so there is no moment in which nothing holds the units.
     *
     * @return its lease's token
     */
    int retired(Route route) {
        int token = route.gate().enter();
        synchronized (this) {
            route.units().forEach(this::hold);
            if (routes.isEmpty()) {
                allFree = new CompletableFuture<>();
            }
            routes.add(route);
        }
        route.gate().retire(() -> emptied(route));
        return token;
    }

    /** {@return completes when nothing holds any of the units} */
    synchronized CompletableFuture<Void> whenFree(Collection<Unit> units) {
        return CompletableFuture.allOf(units.stream()
                .map(holds::get)
                .filter(hold -> hold != null)
                .map(hold -> hold.free)
                .toArray(CompletableFuture[]::new));
    }

    /** {@return completes when no request is on a retired route} */
    synchronized CompletableFuture<Void> whenAllFree() {
        return allFree;
    }

    /** {@return the units of a bundle that something holds} */
    synchronized List<Unit> heldOf(long bundleId) {
        return holds.keySet().stream()
                .filter(unit -> unit.bundleId() == bundleId)
                .toList();
    }

    /** {@return the units that something holds} */
    synchronized Set<Unit> held() {
        return Set.copyOf(holds.keySet());
    }

    private void hold(Unit unit) {
        holds.computeIfAbsent(unit, key -> new Hold()).count++;
    }

    /** The gate may tell it more than once, and twice at the same time: the set of routes makes it once. */
    private void emptied(Route route) {
        CompletableFuture<Void> all = null;
        synchronized (this) {
            if (!routes.remove(route)) {
                return;
            }
            if (routes.isEmpty()) {
                all = allFree;
                // Completed below, outside the lock: who asks in between must not be told of a later route's end.
                allFree = CompletableFuture.completedFuture(null);
            }
        }
        release(route.units());
        if (all != null) {
            all.complete(null);
        }
    }

    private void release(Collection<Unit> units) {
        List<Hold> free = new ArrayList<>();
        synchronized (this) {
            for (Unit unit : units) {
                Hold hold = holds.get(unit);
                if (--hold.count == 0) {
                    holds.remove(unit);
                    free.add(hold);
                }
            }
        }
        free.forEach(hold -> hold.free.complete(null));
    }
}
