package dev.sluice.deployer.rollout.judge;

/**
 * What a unit has done.
 *
 * @param requests completed requests that ran through it
 * @param failures those of them whose failure was charged to it
 * @param serverErrors those that were answered with a status of 500 or more, by whomever
 * @param ownErrors those of them whose server error was the unit's own answer
 * @param latencies how long they took
 */
public record Observed(long requests, long failures, long serverErrors, long ownErrors, Latencies latencies) {

    /** Nothing. */
    public static final Observed NONE = new Observed(0, 0, 0, Latencies.NONE);

    /** None of whose errors was its own. */
    public Observed(long requests, long failures, long serverErrors, Latencies latencies) {
        this(requests, failures, serverErrors, 0, latencies);
    }

    /** {@return this and that together} */
    public Observed plus(Observed other) {
        return new Observed(
                requests + other.requests,
                failures + other.failures,
                serverErrors + other.serverErrors,
                ownErrors + other.ownErrors,
                latencies.plus(other.latencies));
    }

    /** What came since; only of what {@link #follows}. */
    Observed since(Observed earlier) {
        return new Observed(
                requests - earlier.requests,
                failures - earlier.failures,
                serverErrors - earlier.serverErrors,
                ownErrors - earlier.ownErrors,
                latencies.minus(earlier.latencies));
    }

    /** Whether this can have been that before: if not, counting has begun anew in between. */
    boolean follows(Observed earlier) {
        return requests >= earlier.requests
                && failures >= earlier.failures
                && serverErrors >= earlier.serverErrors
                && ownErrors >= earlier.ownErrors
                && latencies.follows(earlier.latencies);
    }
}
