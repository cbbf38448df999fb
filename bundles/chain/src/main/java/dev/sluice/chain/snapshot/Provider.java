package dev.sluice.chain.snapshot;

import dev.sluice.chain.Trip;
import java.util.Comparator;
import java.util.Optional;

/**
 * A unit with what it says of its place.
 *
 * @param unit the unit
 * @param spec its own properties, without an operator's override
 * @param trip what made it trip, if it has
 */
public record Provider(Unit unit, Spec spec, Optional<Trip> trip) {

    /**
     * A unit that hasn't tripped.
     *
     * @param unit the unit
     * @param spec its own properties, without an operator's override
     */
    public Provider(Unit unit, Spec spec) {
        this(unit, spec, Optional.empty());
    }

    Provider with(Spec other) {
        return new Provider(unit, other, trip);
    }

    Provider with(Optional<Trip> other) {
        return new Provider(unit, spec, other);
    }

    /** The highest version first; of equal ones that of the bundle installed last, which is the newer build. */
    static final Comparator<Provider> HIGHEST_FIRST = Comparator.comparing(
                    (Provider provider) -> provider.unit().version())
            .thenComparing(provider -> provider.unit().bundleId())
            .reversed();
}
