package dev.sluice.deployer.rollout.judge;

import java.time.Duration;
import java.util.Objects;

/**
 * How much longer than with the version beside it requests may take with a candidate.
 *
 * @param quantile the share of the requests that is looked at beside the median, as 0.95
 * @param margin so many times as long; 1 or more
 * @param floor and so much longer besides; not negative
 */
public record SlowTolerance(double quantile, double margin, Duration floor) {

    /** Must be within its limits. */
    public SlowTolerance {
        Objects.requireNonNull(floor);
        if (!(margin >= 1) || !(quantile > 0.5 && quantile < 1) || floor.isNegative()) {
            throw new IllegalArgumentException("the margin is 1 or more, and the quantile between 0.5 and 1: " + margin
                    + ", " + quantile + ", " + floor);
        }
    }

    /** {@return what is tolerated where the version beside takes this long} */
    double most(long besideNanos) {
        return besideNanos * margin + floor.toNanos();
    }
}
