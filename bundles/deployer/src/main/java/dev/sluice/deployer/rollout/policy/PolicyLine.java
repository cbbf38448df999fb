package dev.sluice.deployer.rollout.policy;

import java.util.Optional;

/**
 * What became of a policy's file.
 *
 * @param file where it is written
 * @param subject what it is for; empty if nobody can tell
 * @param inForce the policy that is in force because of it: what it says, or what it said before it had a mistake in it
 * @param refusal why what it says isn't in force; empty if it is
 */
public record PolicyLine(
        String file, Optional<Subject> subject, Optional<RolloutPolicy> inForce, Optional<String> refusal) {}
