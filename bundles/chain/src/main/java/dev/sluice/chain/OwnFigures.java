package dev.sluice.chain;

/**
 * What a unit has answered itself since it is there, whether anybody observed it or not. Counts only rise, but begin anew with a
 * new unit.
 *
 * @param middleware the middleware's name
 * @param bundleId the bundle's id
 * @param sampled how many requests of a sample it was on the way of, which has one in {@link #SAMPLE}
 * @param answers how many requests it has answered itself, with whatever status: it didn't hand them on, or made an error of a
 *     good answer
 * @param errors those of them that count as {@link Figures#ownErrors}
 */
public record OwnFigures(String middleware, long bundleId, long sampled, long answers, long errors) {

    /** One in so many requests is in the sample; a power of two. */
    public static final int SAMPLE = 16;

    /** So many standard deviations less than what the sample says. */
    private static final double CAUTION = 2;

    /** {@return so many requests it has had at least, nearly surely} Never less than it has answered itself. */
    public long handled() {
        return Math.max(answers, (long) (SAMPLE * (sampled - CAUTION * Math.sqrt(sampled))));
    }

    /** {@return what has come since; only of what {@link #follows}} */
    public OwnFigures since(OwnFigures earlier) {
        return new OwnFigures(
                middleware, bundleId, sampled - earlier.sampled, answers - earlier.answers, errors - earlier.errors);
    }

    /** {@return whether this can have been that before: if not, counting has begun anew in between} */
    public boolean follows(OwnFigures earlier) {
        return sampled >= earlier.sampled && answers >= earlier.answers && errors >= earlier.errors;
    }
}
