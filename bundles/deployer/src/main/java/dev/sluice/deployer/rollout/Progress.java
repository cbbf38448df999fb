package dev.sluice.deployer.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All of a rollout that is to outlive a restart; plain enough for a line of the ledger.
 *
 * @param policy the texts of the policy that it began with, which holds for it to its end
 * @param state where it is
 * @param step the number of the step it is in, from 0; the bake is the last
 * @param since when that began
 * @param finished what came of the steps that are over, in their order
 */
public record Progress(
        Map<String, String> policy, RolloutState state, int step, Instant since, List<StepOutcome> finished) {

    /** Keeps its own copies. */
    public Progress {
        policy = Map.copyOf(policy);
        finished = List.copyOf(finished);
    }
}
