package dev.sluice.unload.witness;

import java.time.Duration;
import java.util.Set;

/**
 * What an operator has set.
 *
 * @param probe whether collections are asked for
 * @param interval at most so often
 * @param grace how long what has left is left alone
 * @param uncleaned the names of the searches that clean nothing up
 */
public record Rules(boolean probe, Duration interval, Duration grace, Set<String> uncleaned) {

    /** Without a file. */
    public static final Rules DEFAULT = new Rules(true, Duration.ofSeconds(10), Duration.ofSeconds(2), Set.of());

    /** However short the grace is: threads take a moment to end. */
    private static final Duration LEAST_REST = Duration.ofSeconds(1);

    /** Keeps its own copy. */
    public Rules {
        uncleaned = Set.copyOf(uncleaned);
    }

    /** {@return how long a stage lasts at least} */
    Duration rest(Stage stage) {
        return stage == Stage.LEFT || grace.compareTo(LEAST_REST) > 0 ? grace : LEAST_REST;
    }
}
