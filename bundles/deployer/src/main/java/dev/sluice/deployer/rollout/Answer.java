package dev.sluice.deployer.rollout;

/** What comes of an operator's word. */
public sealed interface Answer {

    /**
     * It is taken.
     *
     * @param decision what the deployer is to do now
     */
    record Taken(Decision decision) implements Answer {}

    /**
     * It makes no sense where the rollout is.
     *
     * @param reason why, as a sentence
     */
    record Refused(String reason) implements Answer {}
}
