package dev.sluice.itests.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing sequence shorter by leaving out parts, large ones first, as long as what is left still fails (delta
 * debugging). What fails depends on timing too, so nothing that is left out is sure to have no part in it; but what is left
 * fails.
 */
final class Shrinking {

    private final Predicate<List<Step>> fails;
    private final long deadline;

    /**
     * Prepares.
     *
     * @param fails does a sequence and tells whether it fails
     * @param nanos how long to try
     */
    Shrinking(Predicate<List<Step>> fails, long nanos) {
        this.fails = fails;
        this.deadline = System.nanoTime() + nanos;
    }

    /** {@return the shortest failing part that was found} */
    List<Step> shrunk(List<Step> failing) {
        List<Step> shortest = failing;
        for (int part = Math.max(1, failing.size() / 2); part >= 1; part = part == 1 ? 0 : (part + 1) / 2) {
            int from = 0;
            while (from < shortest.size() && System.nanoTime() - deadline < 0) {
                List<Step> shorter = new ArrayList<>(shortest);
                shorter.subList(from, Math.min(from + part, shorter.size())).clear();
                if (!shorter.isEmpty() && fails.test(shorter)) {
                    shortest = shorter;
                } else {
                    from += part;
                }
            }
        }
        return shortest;
    }
}
