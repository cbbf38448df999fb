package dev.sluice.deployer;

import java.time.Instant;

/**
 * Something has happened to a rollout.
 *
 * @param kind what
 * @param at when
 * @param message the same in words
 * @param rollout the rollout, as it is after that
 */
public record RolloutEvent(Kind kind, Instant at, String message, RolloutView rollout) {

    /** What can happen. */
    public enum Kind {
        /** It has begun: the new version has its first share. */
        BEGUN,
        /** The new version has another share, or all requests. */
        SHARED,
        /** An operator has stopped it from going on. */
        PAUSED,
        /** An operator lets it go on. */
        RESUMED,
        /** It is over, and the new version stays. */
        DONE,
        /** The old version serves again. */
        TAKEN_BACK,
        /** It is over, as one of the two has left with its file. */
        GONE
    }
}
