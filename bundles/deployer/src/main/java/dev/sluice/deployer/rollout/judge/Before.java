package dev.sluice.deployer.rollout.judge;

/**
 * What is known of what the version before did last, while it had all requests. How many those were is known about.
 *
 * @param requests how many it had, about
 * @param fewest how many it had at least, nearly surely; never less than what is counted below
 * @param failures how many failed by its own fault
 * @param ownErrors how many it answered itself with a server error
 */
public record Before(long requests, long fewest, long failures, long ownErrors) {

    /** Nothing is known of it. */
    public static final Before UNKNOWN = new Before(0, 0, 0, 0);

    /** What a version does with this share of its requests is no accident, if it has done so this often. */
    private static final double USUAL = 0.5;

    private static final long FEWEST_BAD = 5;

    /** More is never tolerated, as nothing could be worse than all. */
    static final double NEARLY_ALL = 0.999;

    /** {@return whether it did that with most: its successor needn't do otherwise} */
    boolean isUsual(long bad) {
        return isOften(bad) && bad >= USUAL * requests;
    }

    /**
     * {@return how large a share of the successor's requests may be bad because this one's were} To be asked if it isn't usual: so
     * however little is known of how many requests it had, it was less than that share of them.
     *
     * @param bad how many of this one's were
     */
    double tolerated(long bad, Tolerance tolerance) {
        if (!isOften(bad)) {
            return 0;
        }
        double share = Math.min(USUAL, (double) bad / Math.max(fewest, bad));
        return Math.min(NEARLY_ALL, tolerance.most(share));
    }

    private static boolean isOften(long bad) {
        return bad >= FEWEST_BAD;
    }
}
