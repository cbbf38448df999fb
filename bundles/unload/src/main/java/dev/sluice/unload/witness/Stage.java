package dev.sluice.unload.witness;

import dev.sluice.unload.Verdict;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * How far the evidence goes, and which verdict comes of it.
 *
 * <p>One canary that has gone is no proof. Collections of young objects keep what is young, and a canary may be old while the
 * class loader is not; and at that moment a thread may have been about to end. So three have to go, one after another: the
 * first is as old as the bundle, the second is younger than it, and the third is let go when the second has gone, and stands
 * for one more collection.
 *
 * <p>Those three are held by nothing, and what is held softly outlives the collections that take them: that is no fault of a
 * bundle's. So if no search can name what holds the class loader, a fourth has to go, which is held softly itself.
 */
enum Stage {
    /** Left alone for a while. */
    LEFT(Verdict.PENDING),
    /** Searched for culprits, and the first canary let go. */
    FIRST_CANARY(Verdict.PENDING),
    /** The first has gone, and the second was let go. */
    SECOND_CANARY(Verdict.PENDING),
    /** The second has gone, and the third was let go. */
    THIRD_CANARY(Verdict.PENDING),
    /** The third has gone too, and nothing that holds it was found: the fourth is held softly alone. */
    UNEXPLAINED(Verdict.PENDING),
    /** The third has gone too, and nothing holds it but threads of its own that end by themselves. */
    ENDING(Verdict.PENDING),
    /** Others are wired to it. */
    USED(Verdict.IN_USE),
    /** The third has gone too, and what holds it is known; or the fourth has gone. */
    LEAKED(Verdict.LEAKED),
    /** The class loader has gone. */
    COLLECTED(Verdict.COLLECTED);

    private static final Map<Stage, Set<Stage>> EDGES = new EnumMap<>(Map.of(
            LEFT, Set.of(FIRST_CANARY, USED, COLLECTED),
            FIRST_CANARY, Set.of(SECOND_CANARY, USED, COLLECTED),
            SECOND_CANARY, Set.of(THIRD_CANARY, USED, COLLECTED),
            // Back to the first: something was cleaned up just now, so that what is known doesn't count any more.
            THIRD_CANARY, Set.of(UNEXPLAINED, ENDING, LEAKED, FIRST_CANARY, USED, COLLECTED),
            UNEXPLAINED, Set.of(LEAKED, ENDING, FIRST_CANARY, USED, COLLECTED),
            ENDING, Set.of(FIRST_CANARY, USED, COLLECTED),
            USED, Set.of(LEFT, COLLECTED),
            LEAKED, Set.of(COLLECTED),
            COLLECTED, Set.of()));

    private final Verdict verdict;

    Stage(Verdict verdict) {
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }

    boolean mayBecome(Stage next) {
        return EDGES.get(this).contains(next);
    }

    /** {@return whether a canary has been let go, and is waited for} */
    boolean awaitsCanary() {
        return this == FIRST_CANARY || this == SECOND_CANARY || this == THIRD_CANARY || this == UNEXPLAINED;
    }

    /**
     * What comes next. What a search has named is not among the facts: it may be {@code LEAKED} or {@code ENDING} where this says
     * {@code UNEXPLAINED}.
     *
     * @param facts what is known now
     * @return the next stage; this one if there is nothing new
     */
    Stage next(Facts facts) {
        if (this == COLLECTED) {
            return this;
        }
        if (facts.gone()) {
            return COLLECTED;
        }
        if (this == LEAKED) {
            return this;
        }
        if (facts.used()) {
            return USED;
        }
        return switch (this) {
            case USED -> LEFT;
            case LEFT, ENDING -> facts.rested() ? FIRST_CANARY : this;
            case FIRST_CANARY -> facts.proven() ? SECOND_CANARY : this;
            case SECOND_CANARY -> facts.proven() ? THIRD_CANARY : this;
            case THIRD_CANARY -> facts.proven() ? UNEXPLAINED : this;
            case UNEXPLAINED -> facts.proven() ? LEAKED : this;
            default -> this;
        };
    }

    /**
     * What is known.
     *
     * @param gone whether the class loader has been collected
     * @param used whether others are wired to it
     * @param rested whether it has been in its stage for as long as it has to be
     * @param canaryGone whether the canary of its stage has been collected
     */
    record Facts(boolean gone, boolean used, boolean rested, boolean canaryGone) {

        boolean proven() {
            return rested && canaryGone;
        }
    }
}
