package dev.sluice.deployer;

/**
 * What came of an operator's word about a rollout.
 *
 * @param outcome what came of it
 * @param message the same in a sentence, which says what to do where it isn't as it was wished
 */
public record RolloutOrder(Outcome outcome, String message) {

    /** What can come of it. */
    public enum Outcome {
        /** It is as was wished. */
        DONE,
        /** Nothing is being rolled out from that file, or under that symbolic name. */
        UNKNOWN,
        /** It makes no sense where the rollout is, or the deployer can't do it now. Nothing has changed. */
        REFUSED,
        /** It isn't carried out yet, as the disk or the chain stands in the way; it is tried again by itself. */
        DELAYED
    }

    /** {@return whether things are now as was wished} */
    public boolean isDone() {
        return outcome == Outcome.DONE;
    }
}
