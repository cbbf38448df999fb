package dev.sluice.chain.snapshot;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.limit.Limits;
import dev.sluice.chain.path.PathPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an operator sets over a middleware's own properties.
 *
 * @param ranking instead of its ranking
 * @param paths instead of its paths
 * @param onFailure instead of its failure mode
 * @param enabled whether it has a place in the chain at all
 * @param limits its bounds
 * @param trip what differs for its trip switch
 * @param blocks whether its place is closed, whoever is there: what was to be set can't be told
 */
public record PlaceOverride(
        Optional<Integer> ranking,
        Optional<List<PathPattern>> paths,
        Optional<FailureMode> onFailure,
        boolean enabled,
        Limits limits,
        TripOverride trip,
        boolean blocks) {

    /** Changes nothing. */
    public static final PlaceOverride NONE = new PlaceOverride(
            Optional.empty(), Optional.empty(), Optional.empty(), true, Limits.NONE, TripOverride.NONE, false);

    /** One without limits, and with nothing set over its trip switch. */
    public PlaceOverride(
            Optional<Integer> ranking,
            Optional<List<PathPattern>> paths,
            Optional<FailureMode> onFailure,
            boolean enabled) {
        this(ranking, paths, onFailure, enabled, Limits.NONE, TripOverride.NONE);
    }

    /** One that lets its middleware serve. */
    public PlaceOverride(
            Optional<Integer> ranking,
            Optional<List<PathPattern>> paths,
            Optional<FailureMode> onFailure,
            boolean enabled,
            Limits limits,
            TripOverride trip) {
        this(ranking, paths, onFailure, enabled, limits, trip, false);
    }

    /** {@return one that lets nothing pass} On these paths; without any, on the middleware's own. */
    public static PlaceOverride blocking(Optional<List<PathPattern>> paths) {
        return new PlaceOverride(
                Optional.empty(), paths, Optional.of(FailureMode.CLOSED), true, Limits.NONE, TripOverride.NONE, true);
    }

    Spec apply(Spec own) {
        if (this == NONE) {
            return own;
        }
        return new Spec(
                ranking.orElse(own.ranking()), paths.orElse(own.paths()), onFailure.orElse(own.onFailure()), limits);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        ranking.ifPresent(value -> parts.add("ranking " + value));
        paths.ifPresent(value -> parts.add("paths " + value));
        onFailure.ifPresent(value -> parts.add("on.failure " + value.name().toLowerCase(Locale.ROOT)));
        if (!limits.equals(Limits.NONE)) {
            parts.add(limits.toString());
        }
        parts.addAll(trip.parts());
        if (blocks) {
            parts.add("closed");
        }
        if (!enabled) {
            parts.add("disabled");
        }
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }
}
