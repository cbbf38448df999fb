package dev.sluice.deployer.rollout.judge;

/**
 * How much more often than the version beside it a candidate's requests may be bad.
 *
 * @param margin so many times the odds of the version beside; 1 or more
 * @param floor and so large a share of its requests besides, from 0 to less than 1
 */
public record Tolerance(double margin, double floor) {

    /** Must be within its limits. */
    public Tolerance {
        if (!(margin >= 1) || !(floor >= 0 && floor < 1)) {
            throw new IllegalArgumentException(
                    "the margin is 1 or more, and the floor a share: " + margin + ", " + floor);
        }
    }

    /** {@return the largest share of bad requests that is tolerated where the version beside has this one} */
    double most(double besideShare) {
        double raised = besideShare + (1 - besideShare) * floorBeside();
        return raised >= 1 ? 1 : margin * raised / (1 - raised + margin * raised);
    }

    /**
     * What the floor is on the other side of the margin: if so many of the good requests of the version beside were bad, an
     * odds ratio of the margin would tolerate the floor where there is none of them bad.
     */
    double floorBeside() {
        return floor / (margin * (1 - floor) + floor);
    }
}
