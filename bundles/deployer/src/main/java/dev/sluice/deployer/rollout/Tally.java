package dev.sluice.deployer.rollout;

import dev.sluice.deployer.rollout.judge.Latencies;
import dev.sluice.deployer.rollout.judge.Observed;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a unit did in a step, short enough to be kept.
 *
 * @param requests completed requests
 * @param failures those whose failure was charged to it
 * @param serverErrors those answered with a status of 500 or more
 * @param micros how long they took at quantiles, in microseconds, by {@code p50}, {@code p95} and {@code p99}; what isn't known is
 *     left out
 */
public record Tally(long requests, long failures, long serverErrors, Map<String, Long> micros) {

    private static final long NANOS_PER_MICRO = 1000;
    private static final Map<String, Double> QUANTILES = Map.of("p50", 0.5, "p95", 0.95, "p99", 0.99);

    /** Keeps its own copy. */
    public Tally {
        micros = micros == null ? Map.of() : Map.copyOf(micros);
    }

    /** {@return the same, short} */
    public static Tally of(Observed observed) {
        Map<String, Long> micros = new LinkedHashMap<>();
        QUANTILES.forEach((name, share) ->
                observed.latencies().quantile(share).ifPresent(nanos -> micros.put(name, nanos / NANOS_PER_MICRO)));
        return new Tally(observed.requests(), observed.failures(), observed.serverErrors(), micros);
    }

    Observed observed() {
        return new Observed(requests, failures, serverErrors, Latencies.NONE);
    }
}
