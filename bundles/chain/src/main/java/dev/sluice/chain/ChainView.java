package dev.sluice.chain;

import java.util.List;

/**
 * The chain, as an observer sees it.
 *
 * @param generation the number of the current snapshot, always rising
 * @param open whether requests are admitted
 * @param stopping whether the container is stopping and requests are refused
 * @param places the places in the order in which requests run through them
 * @param others units that are in no place: candidates, draining and disabled ones
 * @param inFlight how many requests are in the chain now
 * @param held how many requests wait at entry for a middleware that is about to come back
 * @param traffic what is in force of how requests are shared among versions: operators' rules, then rollouts' splits
 * @param refusedRules operators' rules that aren't taken
 * @param alarms what an operator has to look at, as sentences that say what to do
 */
public record ChainView(
        long generation,
        boolean open,
        boolean stopping,
        List<PlaceView> places,
        List<UnitView> others,
        long inFlight,
        long held,
        List<TrafficView> traffic,
        List<RefusedRule> refusedRules,
        List<String> alarms) {

    /** Keeps its own copies of the lists. */
    public ChainView {
        places = List.copyOf(places);
        others = List.copyOf(others);
        traffic = List.copyOf(traffic);
        refusedRules = List.copyOf(refusedRules);
        alarms = List.copyOf(alarms);
    }

    /** One that knows of no rules. */
    public ChainView(
            long generation,
            boolean open,
            boolean stopping,
            List<PlaceView> places,
            List<UnitView> others,
            long inFlight,
            long held,
            List<String> alarms) {
        this(generation, open, stopping, places, others, inFlight, held, List.of(), List.of(), alarms);
    }

    /** One without alarms. */
    public ChainView(
            long generation,
            boolean open,
            boolean stopping,
            List<PlaceView> places,
            List<UnitView> others,
            long inFlight,
            long held) {
        this(generation, open, stopping, places, others, inFlight, held, List.of());
    }
}
