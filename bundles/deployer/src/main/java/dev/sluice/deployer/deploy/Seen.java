package dev.sluice.deployer.deploy;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.Figures;
import dev.sluice.chain.PlaceView;
import dev.sluice.deployer.rollout.judge.Arms;
import dev.sluice.deployer.rollout.judge.Before;
import dev.sluice.deployer.rollout.judge.Latencies;
import dev.sluice.deployer.rollout.judge.Observed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the chain has counted of two versions, as the judge wants it. */
final class Seen {

    private Seen() {}

    /**
     * {@return what they have done, by middleware}
     *
     * @param isShared whether the one beside has a share. If not, all that is known of it is what it did before
     */
    static Map<String, Arms> of(ChainControl chain, Lately lately, long candidate, long beside, boolean isShared) {
        if (!isShared) {
            return of(chain, candidate, lately.of(beside));
        }
        Map<String, Figures> olds = new HashMap<>();
        chain.figures(beside).forEach(figures -> olds.put(figures.middleware(), figures));
        Map<String, Arms> arms = new TreeMap<>();
        for (Figures figures : chain.figures(candidate)) {
            Observed mine = observed(figures);
            Figures old = olds.get(figures.middleware());
            // What only the candidate brings is compared with nothing.
            arms.put(figures.middleware(), old == null ? Arms.alone(mine) : Arms.of(mine, observed(old)));
        }
        return arms;
    }

    /** {@return the same of one that has no version beside it, by what is known of the version before, by middleware} */
    static Map<String, Arms> of(ChainControl chain, long candidate, Map<String, Before> before) {
        Map<String, Arms> arms = new TreeMap<>();
        for (Figures figures : chain.figures(candidate)) {
            Observed now = observed(figures);
            Before known = before.get(figures.middleware());
            arms.put(figures.middleware(), known == null ? Arms.alone(now) : Arms.after(now, known));
        }
        return arms;
    }

    /** {@return what made a unit of a bundle trip; empty if none has} */
    static Optional<String> trip(ChainControl chain, long bundle) {
        return chain.view().places().stream()
                .flatMap(PlaceView::units)
                .filter(unit -> unit.bundleId() == bundle)
                .flatMap(unit -> unit.trip().stream()
                        .map(trip -> "middleware " + unit.name() + " has tripped: " + trip.reason()))
                .findFirst();
    }

    static Observed observed(Figures figures) {
        return new Observed(
                figures.requests(),
                figures.failures(),
                figures.serverErrors(),
                figures.ownErrors(),
                Latencies.of(figures.latency().bounds(), figures.latency().counts()));
    }
}
