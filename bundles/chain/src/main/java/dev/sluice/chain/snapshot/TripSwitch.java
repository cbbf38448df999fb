package dev.sluice.chain.snapshot;

import dev.sluice.chain.Trip;
import java.util.Optional;

/**
 * Judges a unit by its own failures. Called on request threads; never blocks. Of each call that it permits it is told once
 * how that ended: by {@link #succeeded()} or by {@link #failed()}.
 *
 * <p>What isn't charged to the unit is no failure: an exception of a later middleware or of what stands behind the chain,
 * and what a client or the connection did.
 */
public interface TripSwitch {

    /** Permits everything and counts nothing. */
    TripSwitch NONE = new TripSwitch() {

        @Override
        public boolean permits() {
            return true;
        }

        @Override
        public void succeeded() {}

        @Override
        public void failed() {}

        @Override
        public String toString() {
            return "no trip switch";
        }
    };

    /**
     * {@return whether the unit is to be called; if not, its place answers at once: 503 if it is fail-closed, and the
     * request passes if it is fail-open}
     */
    boolean permits();

    /** The unit's own code ended without a failure of its own. */
    void succeeded();

    /** A failure was charged to the unit: thrown by itself, or its own deadline passed. */
    void failed();

    /** {@return what has made it trip, as long as it refuses calls or only probes} */
    default Optional<Trip> trip() {
        return Optional.empty();
    }
}
