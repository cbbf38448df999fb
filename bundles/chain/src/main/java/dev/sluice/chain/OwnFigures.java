package dev.sluice.chain;

/**
 * What a unit has done by itself since it is there, whether anybody observed it or not. Counts only rise, but begin anew with a
 * new unit. What it answers, and what it fails on, is counted; of the other requests the first are, and then only a sample.
 *
 * @param middleware the middleware's name
 * @param bundleId the bundle's id
 * @param isExact whether all are counted, and none only sampled
 * @param handedOn of how many requests it was on the way, and neither answered nor failed on them, before it was enough to count
 *     a sample
 * @param sampled of how many requests of the sample it was so since: the sample has one in {@link #SAMPLE}
 * @param answers how many requests it has answered itself, with whatever status: it didn't hand them on, or, as far as that was
 *     observed, made an error of a good answer
 * @param errors those of them that count as {@link Figures#ownErrors}
 * @param failures how many requests there were of which a failure was charged to it, as {@link Figures#failures}. One that it
 *     also answered, as it was tried again, counts as both
 */
public record OwnFigures(
        String middleware,
        long bundleId,
        boolean isExact,
        long handedOn,
        long sampled,
        long answers,
        long errors,
        long failures) {

    /** One in so many requests is in the sample; a power of two. */
    public static final int SAMPLE = 16;

    /** So many that it hands on are counted each. After so many a sample of them would do, too. */
    public static final int EACH = 512;

    /** So many standard deviations more or less than what the sample says. */
    private static final double CAUTION = 2;

    /** What may have come though none of it is in the sample: so many times what stands for one. */
    private static final double UNSEEN = 3;

    /** {@return how many requests it has had, about} */
    public long requests() {
        return counted() + SAMPLE * sampled;
    }

    /** {@return so many requests it has had at least, nearly surely} */
    public long fewest() {
        return counted() + (long) (SAMPLE * Math.max(0, sampled - CAUTION * Math.sqrt(sampled)));
    }

    /** {@return so many requests it has had at the most, nearly surely} */
    public long most() {
        return isExact ? counted() : counted() + (long) (SAMPLE * (sampled + CAUTION * Math.sqrt(sampled) + UNSEEN));
    }

    private long counted() {
        return handedOn + answers + failures;
    }

    /** {@return what has come since; only of what {@link #follows}} */
    public OwnFigures since(OwnFigures earlier) {
        return new OwnFigures(
                middleware,
                bundleId,
                isExact,
                handedOn - earlier.handedOn,
                sampled - earlier.sampled,
                answers - earlier.answers,
                errors - earlier.errors,
                failures - earlier.failures);
    }

    /** {@return whether this can have been that before: if not, counting has begun anew in between} */
    public boolean follows(OwnFigures earlier) {
        return handedOn >= earlier.handedOn
                && sampled >= earlier.sampled
                && answers >= earlier.answers
                && errors >= earlier.errors
                && failures >= earlier.failures;
    }
}
