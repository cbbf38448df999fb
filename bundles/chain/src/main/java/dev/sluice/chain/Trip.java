package dev.sluice.chain;

import java.time.Duration;
import java.time.Instant;

/**
 * What made a unit's trip switch trip.
 *
 * @param since when it did, by the wall clock: to be shown, and nothing else
 * @param calls how many of its calls ended within the window
 * @param failures how many of these were failures of its own
 * @param window how far back the window reached
 */
public record Trip(Instant since, long calls, long failures, Duration window) {

    /** {@return the figures, as a sentence without its full stop} */
    public String reason() {
        return failures + " of " + calls + " calls within " + window.toMillis() + " ms failed by its own fault";
    }
}
