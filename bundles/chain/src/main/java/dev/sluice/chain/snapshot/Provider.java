package dev.sluice.chain.snapshot;

import java.util.Comparator;

/**
 * A unit with what it says of its place.
 *
 * @param unit the unit
 * @param spec its own properties, without an operator's override
 */
public record Provider(Unit unit, Spec spec) {

    /** The highest version first; of equal ones that of the bundle installed last, which is the newer build. */
    static final Comparator<Provider> HIGHEST_FIRST = Comparator.comparing(
                    (Provider provider) -> provider.unit().version())
            .thenComparing(provider -> provider.unit().bundleId())
            .reversed();
}
