package dev.sluice.chain.snapshot;

import dev.sluice.chain.failure.ShownStacks;
import dev.sluice.chain.lease.LeaseGate;
import dev.sluice.middleware.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The way of all requests of one snapshot that the same places match: their steps, linked once, and the count of those that
 * are on it now.
 *
 * <p>It refers to no snapshot, so a request that stays long keeps only the units on its own way in memory.
 */
public final class Route {

    private final long generation;
    private final Limiters limiters;
    private final List<Unit> units;
    /** Steps by number; the last is the end. */
    private final Next[] steps;

    private final String blockedBy;
    private final String heldBy;
    private final LeaseGate gate = new LeaseGate();
    /** Null if nobody wants to know. */
    private final Observed observed;

    /** Not volatile: who reads it late looks at the units, and finds that there is nothing to count. */
    private boolean isGrown;

    /**
     * Links the route.
     *
     * @param generation the number of its snapshot
     * @param places the places that match, in order
     * @param limiters what limits are kept with
     */
    Route(long generation, List<Place> places, Limiters limiters) {
        this.generation = generation;
        this.limiters = limiters;
        this.blockedBy = first(places, Place::blocks);
        this.heldBy = first(places, Place::held);
        List<Place> filled =
                places.stream().filter(place -> place.serving().isPresent()).toList();
        this.units = filled.stream().map(place -> place.serving().orElseThrow()).toList();
        this.steps = link(filled, limiters);
        this.observed = Observed.of(units);
    }

    /**
     * What is left of a route for a request that gives up some of its units: counted, but nobody comes this way.
     *
     * @param route the route that the request is on
     * @param givenUp units that it holds no longer
     */
    Route(Route route, Set<Unit> givenUp) {
        this.generation = route.generation;
        this.limiters = route.limiters;
        this.blockedBy = null;
        this.heldBy = null;
        this.units =
                route.units.stream().filter(unit -> !givenUp.contains(unit)).toList();
        this.steps = route.steps;
        this.observed = null;
    }

    private static String first(List<Place> places, Predicate<Place> which) {
        return places.stream().filter(which).map(Place::name).findFirst().orElse(null);
    }

    private static Next[] link(List<Place> filled, Limiters limiters) {
        List<Next> steps = new ArrayList<>();
        Next next = new End(filled.size());
        steps.add(next);
        for (int number = filled.size() - 1; number >= 0; number--) {
            Place place = filled.get(number);
            Unit unit = place.serving().orElseThrow();
            next = place.failsOpen()
                    ? new OpenStep(number, unit, next, limiters, place)
                    : new Step(number, unit, next, limiters, place);
            steps.add(0, next);
        }
        return steps.toArray(Next[]::new);
    }

    /** {@return the number of the snapshot} */
    public long generation() {
        return generation;
    }

    /** {@return the units that its requests hold} */
    List<Unit> units() {
        return units;
    }

    /** {@return whether one of its units still counts each request that it hands on} Once none does none will again. */
    boolean isYoung() {
        if (isGrown) {
            return false;
        }
        for (Unit unit : units) {
            if (unit.ownAnswers().isYoung()) {
                return true;
            }
        }
        isGrown = true;
        return false;
    }

    /** {@return the fail-closed middleware whose unit is missing on this way, or null} */
    String blockedBy() {
        return blockedBy;
    }

    /** {@return the middleware whose unit is expected back on this way any moment, or null} */
    String heldBy() {
        return heldBy;
    }

    Next step(int number) {
        return steps[number];
    }

    LeaseGate gate() {
        return gate;
    }

    /** {@return what is to be told of each complete request; null if nobody wants to know} */
    Observed observed() {
        return observed;
    }

    /** {@return what the clock shows that leases began by} */
    long now() {
        return limiters.now();
    }

    /** {@return which stacks the log has had lately} */
    ShownStacks stacks() {
        return limiters.stacks();
    }
}
