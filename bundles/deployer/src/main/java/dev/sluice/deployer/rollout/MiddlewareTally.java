package dev.sluice.deployer.rollout;

/**
 * What two versions of a middleware did in a step.
 *
 * @param middleware its name
 * @param candidate what the candidate did
 * @param beside what the version beside it did; all zero if there was none
 */
public record MiddlewareTally(String middleware, Tally candidate, Tally beside) {}
