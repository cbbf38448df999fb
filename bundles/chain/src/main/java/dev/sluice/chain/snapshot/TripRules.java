package dev.sluice.chain.snapshot;

import java.time.Duration;

/**
 * When a trip switch trips, and what then.
 *
 * @param mode where there is a switch at all
 * @param share the percentage of calls that trips it, if that many or more fail
 * @param window how far back calls count
 * @param minimum how many calls there must be within the window
 * @param pause without a standby, how long the place answers at once before it is probed
 */
public record TripRules(Mode mode, int share, Duration window, int minimum, Duration pause) {

    /** What holds where nobody has said otherwise. */
    public static final TripRules DEFAULT =
            new TripRules(Mode.STANDBY, 50, Duration.ofSeconds(10), 20, Duration.ofSeconds(5));

    /** Where there is a switch. */
    public enum Mode {
        /** Nowhere. */
        OFF,
        /** Where a standby can serve instead. */
        STANDBY,
        /** There, and where no standby is: then the place answers at once while the switch is open. */
        ON
    }
}
