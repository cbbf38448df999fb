package dev.sluice.deployer.deploy;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.Figures;
import dev.sluice.deployer.rollout.judge.Arms;
import dev.sluice.deployer.rollout.judge.Latencies;
import dev.sluice.deployer.rollout.judge.Observed;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the chain has counted of two versions, as the judge wants it. */
final class Seen {

    private Seen() {}

    /**
     * {@return what they have done, by middleware}
     *
     * @param isShared whether the one beside has a share
     */
    static Map<String, Arms> of(ChainControl chain, long candidate, long beside, boolean isShared) {
        Map<String, Observed> old = new HashMap<>();
        if (isShared) {
            chain.figures(beside).forEach(figures -> old.put(figures.middleware(), observed(figures)));
        }
        Map<String, Arms> arms = new TreeMap<>();
        for (Figures figures : chain.figures(candidate)) {
            Observed mine = observed(figures);
            Observed other = old.get(figures.middleware());
            // What only the candidate brings is compared with nothing.
            arms.put(figures.middleware(), other == null ? Arms.alone(mine) : Arms.of(mine, other));
        }
        return arms;
    }

    private static Observed observed(Figures figures) {
        return new Observed(
                figures.requests(),
                figures.failures(),
                figures.serverErrors(),
                Latencies.of(figures.latency().bounds(), figures.latency().counts()));
    }
}
