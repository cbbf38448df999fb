package dev.sluice.deployer.rollout.judge;

import java.util.Objects;
import java.util.Optional;

/**
 * What the two versions of a middleware have done, over the same time.
 *
 * @param candidate the version that is judged
 * @param beside the version beside it; empty if there is none, or it has no share
 * @param before what is known of what the version before it did last while it had requests; empty if there was none
 */
public record Arms(Observed candidate, Optional<Observed> beside, Optional<Before> before) {

    /** No part may be missing. */
    public Arms {
        Objects.requireNonNull(candidate);
        Objects.requireNonNull(beside);
        Objects.requireNonNull(before);
    }

    /** {@return both} */
    public static Arms of(Observed candidate, Observed beside) {
        return new Arms(candidate, Optional.of(beside), Optional.empty());
    }

    /** {@return one that is alone, and was from the beginning} */
    public static Arms alone(Observed candidate) {
        return new Arms(candidate, Optional.empty(), Optional.empty());
    }

    /** {@return one that is alone now} */
    public static Arms after(Observed candidate, Before before) {
        return new Arms(candidate, Optional.empty(), Optional.of(before));
    }

    /** {@return that nothing was seen of either yet} */
    public Arms nothing() {
        return new Arms(Observed.NONE, beside.map(any -> Observed.NONE), before);
    }

    Arms plus(Arms other) {
        return new Arms(
                candidate.plus(other.candidate),
                beside.map(mine -> mine.plus(other.besideOrNone())).or(other::beside),
                before);
    }

    Arms since(Arms earlier) {
        return new Arms(
                candidate.since(earlier.candidate), beside.map(now -> now.since(earlier.besideOrNone())), before);
    }

    /** Whether this can have been that before: if not, counting has begun anew in between. */
    boolean follows(Arms earlier) {
        return beside.isPresent() == earlier.beside.isPresent()
                && candidate.follows(earlier.candidate)
                && besideOrNone().follows(earlier.besideOrNone());
    }

    Observed besideOrNone() {
        return beside.orElse(Observed.NONE);
    }

    long requests() {
        return candidate.requests() + besideOrNone().requests();
    }
}
