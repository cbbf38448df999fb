package dev.sluice.deployer.rollout.judge;

import java.util.Objects;
import java.util.Optional;

/**
 * What is tolerated of a candidate.
 *
 * @param failures of failures that are charged to it; empty if these aren't looked at
 * @param errors of answers with a status of 500 or more; empty if these aren't looked at
 * @param slow of how long requests take; empty if that isn't looked at
 * @param outright the share of its requests that may fail by its own fault where there is no version beside it
 * @param outrightErrors the share of its requests that it may answer with a server error of its own there; empty if that isn't
 *     looked at
 * @param cluster how many requests count as one, because they come from the same client; 1 if each counts
 */
public record Tolerances(
        Optional<Tolerance> failures,
        Optional<Tolerance> errors,
        Optional<SlowTolerance> slow,
        double outright,
        Optional<Double> outrightErrors,
        double cluster) {

    /** Server errors are looked at only beside another version. */
    public Tolerances(
            Optional<Tolerance> failures,
            Optional<Tolerance> errors,
            Optional<SlowTolerance> slow,
            double outright,
            double cluster) {
        this(failures, errors, slow, outright, Optional.empty(), cluster);
    }

    /** Must be within its limits. */
    public Tolerances {
        Objects.requireNonNull(failures);
        Objects.requireNonNull(errors);
        Objects.requireNonNull(slow);
        Objects.requireNonNull(outrightErrors);
        if (!(outright > 0 && outright < 1) || !(cluster >= 1)) {
            throw new IllegalArgumentException(
                    "outright is a share, and cluster 1 or more: " + outright + ", " + cluster);
        }
    }
}
