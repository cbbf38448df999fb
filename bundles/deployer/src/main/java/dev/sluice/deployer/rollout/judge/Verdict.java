package dev.sluice.deployer.rollout.judge;

/** What the judge says at a moment. */
public sealed interface Verdict {

    /**
     * Nothing can be said yet.
     *
     * @param why what is waited for, for operators
     */
    record Waiting(String why) implements Verdict {}

    /** Enough was seen, and nothing of it speaks against the candidate. */
    record Good() implements Verdict {}

    /**
     * The candidate does worse than is tolerated.
     *
     * @param reason what is wrong, with the figures, as a sentence
     */
    record Bad(String reason) implements Verdict {}
}
