package dev.sluice.benchmark.report;

import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Series;
import java.util.List;
import java.util.Optional;

/** How many times the subject of reference others of a panel are. */
final class Ratios {

    /** What is less than that is nothing, as a millionth of a byte that is allocated: how many times it, says nothing. */
    private static final double NOTHING = 0.1;

    private Ratios() {}

    /** {@return how many times the panel's reference it is, at the same place; empty if that says nothing} */
    static Optional<Spread> of(Panel panel, Series one, List<Series> all) {
        return all.stream()
                .filter(reference -> reference.panel().equals(panel.name())
                        && reference.subject().equals(panel.reference())
                        && !reference.subject().equals(one.subject())
                        && reference.metric().equals(one.metric())
                        && reference.x() == one.x())
                .findFirst()
                .filter(reference -> Spread.of(reference.samples()).median() > NOTHING)
                .map(reference -> Spread.ratio(one.samples(), reference.samples(), panel.isPaired()));
    }
}
