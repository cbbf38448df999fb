package dev.sluice.deployer.rollout.judge;

import java.util.Objects;
import java.util.Optional;

/**
 * What the two versions of a middleware have done, over the same time.
 *
 * @param candidate the version that is judged
 * @param beside the version beside it; empty if there is none, or it has no share
 */
public record Arms(Observed candidate, Optional<Observed> beside) {

    /** No part may be missing. */
    public Arms {
        Objects.requireNonNull(candidate);
        Objects.requireNonNull(beside);
    }

    /** {@return both} */
    public static Arms of(Observed candidate, Observed beside) {
        return new Arms(candidate, Optional.of(beside));
    }

    /** {@return one that is alone} */
    public static Arms alone(Observed candidate) {
        return new Arms(candidate, Optional.empty());
    }

    Arms plus(Arms other) {
        return new Arms(
                candidate.plus(other.candidate),
                beside.map(mine -> mine.plus(other.besideOrNone())).or(other::beside));
    }

    Arms since(Arms earlier) {
        return new Arms(candidate.since(earlier.candidate), beside.map(now -> now.since(earlier.besideOrNone())));
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
