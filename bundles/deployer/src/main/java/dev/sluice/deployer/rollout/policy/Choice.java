package dev.sluice.deployer.rollout.policy;

/** Which policy a bundle is rolled out by. */
public sealed interface Choice {

    /**
     * This one.
     *
     * @param policy the policy
     */
    record Chosen(RolloutPolicy policy) implements Choice {}

    /**
     * Nobody can tell: what would say has a mistake in it. A new version had better wait than get all requests at once.
     *
     * @param reason what is wrong, and what to do, as a sentence
     */
    record Unclear(String reason) implements Choice {}
}
