package dev.sluice.deployer.rollout;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a rollout is. On its way up it is {@code STEP → ... → STEP → BAKE → DONE}; from each of these but the last it may be
 * taken back. The edges are declared here and nowhere else.
 */
public enum RolloutState {
    /** The candidate has a part of the requests, and is judged against the version beside it. */
    STEP,
    /** The same, and an operator doesn't want it to go on. What is wrong is still looked for. */
    STEP_PAUSED,
    /** The candidate has all requests, and the old version is kept ready. */
    BAKE,
    /** The same, and an operator wants the old version to be kept ready. */
    BAKE_PAUSED,
    /** The candidate has all requests, and the old version may go. */
    DONE,
    /** The candidate has no requests, and is to go. */
    TAKEN_BACK;

    private Set<RolloutState> next = Set.of();

    static {
        STEP.to(STEP, STEP_PAUSED, BAKE, TAKEN_BACK);
        STEP_PAUSED.to(STEP, BAKE, TAKEN_BACK);
        BAKE.to(BAKE_PAUSED, DONE, TAKEN_BACK);
        BAKE_PAUSED.to(BAKE, DONE, TAKEN_BACK);
    }

    private void to(RolloutState... states) {
        next = Set.copyOf(EnumSet.of(states[0], states));
    }

    /** {@return the states that may follow this one} */
    public Set<RolloutState> next() {
        return next;
    }

    /** {@return whether nothing follows any more} */
    public boolean isOver() {
        return next.isEmpty();
    }

    /** {@return whether an operator has stopped it from going on} */
    public boolean isPaused() {
        return this == STEP_PAUSED || this == BAKE_PAUSED;
    }

    /** {@return whether the candidate has all requests for now, and the old version is kept ready} */
    public boolean isBaking() {
        return this == BAKE || this == BAKE_PAUSED;
    }

    /** {@return whether the candidate has all requests, for now or for good} */
    public boolean hasAll() {
        return isBaking() || this == DONE;
    }

    RolloutState paused() {
        return isBaking() ? BAKE_PAUSED : STEP_PAUSED;
    }

    RolloutState resumed() {
        return isBaking() ? BAKE : STEP;
    }
}
