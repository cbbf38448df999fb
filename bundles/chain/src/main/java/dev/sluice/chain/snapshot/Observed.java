package dev.sluice.chain.snapshot;

import dev.sluice.chain.failure.Failures;
import java.util.List;

/** Those units of a route whose figures are wanted. */
final class Observed {

    private final Unit[] units;
    private final Tally[] tallies;

    private Observed(List<Unit> observed) {
        this.units = observed.toArray(Unit[]::new);
        this.tallies = new Tally[units.length];
    }

    /** {@return what is to be counted; null if nothing is, which so costs nothing} */
    static Observed of(List<Unit> route) {
        List<Unit> observed =
                route.stream().filter(unit -> unit.tally() != null).toList();
        if (observed.isEmpty()) {
            return null;
        }
        Observed made = new Observed(observed);
        for (int i = 0; i < made.units.length; i++) {
            made.tallies[i] = made.units[i].tally();
        }
        return made;
    }

    /**
     * Counts a request that is complete.
     *
     * @param nanos how long it took
     * @param serverError whether it was answered so
     * @param failures what has failed on it; null if nothing has
     */
    void count(long nanos, boolean serverError, Failures failures) {
        for (int i = 0; i < units.length; i++) {
            // It may be null, as the writer has ended the observation between the two looks above.
            if (tallies[i] != null) {
                tallies[i].count(nanos, failures != null && failures.isCharged(units[i]), serverError);
            }
        }
    }
}
