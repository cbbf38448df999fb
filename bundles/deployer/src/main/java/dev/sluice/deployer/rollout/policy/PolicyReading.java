package dev.sluice.deployer.rollout.policy;

import java.util.List;
import java.util.Optional;

/** What was made of a policy's file. */
public sealed interface PolicyReading {

    /**
     * A policy.
     *
     * @param policy the policy
     */
    record Good(RolloutPolicy policy) implements PolicyReading {}

    /**
     * No policy: nothing of the file is taken, as half of one could let through what the other half was to stop.
     *
     * @param faults what is wrong, one sentence each; at least one
     * @param subject what it is for, if that can be made out
     */
    record Bad(List<String> faults, Optional<Subject> subject) implements PolicyReading {}
}
