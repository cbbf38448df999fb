package dev.sluice.deployer.rollout;

/** What the deployer is to do now, before it asks again. */
public sealed interface Decision {

    /**
     * Nothing.
     *
     * @param why what is waited for, for operators
     */
    record Stay(String why) implements Decision {}

    /**
     * The candidate gets a share of the requests, and the version beside it the rest.
     *
     * @param hundredths in hundredths of a percent; less than all
     */
    record SetShare(int hundredths) implements Decision {}

    /** The candidate gets all requests; the old version becomes standby, and stays warm. */
    record PublishWhole() implements Decision {}

    /**
     * The candidate gets no requests any more and goes; the old version gets all, in one publish.
     *
     * @param cause what kind of reason there is
     * @param reason the reason, as a sentence with the figures
     */
    record TakeBack(StepEnd cause, String reason) implements Decision {}

    /** The rollout is over: the old version may go. */
    record Finish() implements Decision {}
}
