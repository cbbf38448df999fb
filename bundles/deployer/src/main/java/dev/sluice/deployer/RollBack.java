package dev.sluice.deployer;

/**
 * What came of an operator's wish to roll a file back, or forward again.
 *
 * @param outcome what came of it
 * @param message the same in a sentence, which says what to do where it isn't as it was wished
 */
public record RollBack(Outcome outcome, String message) {

    /** What can come of it. */
    public enum Outcome {
        /** The earlier content is published, and what was there before has left the chain. */
        ROLLED_BACK,
        /** The roll back is over: the file's own content is being deployed. What becomes of it, the view tells. */
        ROLLED_FORWARD,
        /** It is as was wished already. */
        ALREADY,
        /** Nothing is deployed under that name, or no such content was ever published there as far as is known. */
        UNKNOWN,
        /** The content was published once, and its bytes are not kept any more. */
        NOT_KEPT,
        /** It isn't done, for a reason that lies outside of the content. Nothing has changed. */
        REFUSED,
        /** The content could not be deployed: it didn't start, or wasn't well. What served before serves on. */
        FAILED
    }

    /** {@return whether things are now as was wished} */
    public boolean isDone() {
        return switch (outcome) {
            case ROLLED_BACK, ROLLED_FORWARD, ALREADY -> true;
            case UNKNOWN, NOT_KEPT, REFUSED, FAILED -> false;
        };
    }
}
