package dev.sluice.chain;

/**
 * What a unit has done since it is observed. Counts only rise, but begin anew with a new unit: when the bundle was updated in
 * place, or its component was activated again.
 *
 * @param middleware the middleware's name
 * @param bundleId the bundle's id
 * @param requests the complete requests on whose way it was
 * @param failures those of them of which a failure was charged to it, whoever handled that
 * @param serverErrors those of them that were answered with a status of 500 or above, by whomever
 * @param ownErrors the answers of 500 or above that are its own: it didn't hand the request on, or made such an answer of another
 *     one. Not 503 with {@code Retry-After}, which says that it is meant so. Since the unit is there, observed or not
 * @param latency how long they took from their entry to the end of the response; what they were held before doesn't count
 */
public record Figures(
        String middleware,
        long bundleId,
        long requests,
        long failures,
        long serverErrors,
        long ownErrors,
        LatencyCounts latency) {}
