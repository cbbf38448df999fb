package dev.sluice.deployer.rollout;

import dev.sluice.deployer.rollout.judge.Latencies;
import dev.sluice.deployer.rollout.judge.Observed;
import java.util.stream.IntStream;

/** A simulated version: what it does wrong by itself, and what it has done. */
final class Version {

    /** A tenth apart, from 10 microseconds to some 90 seconds. */
    static final long[] BOUNDS = IntStream.range(0, 169)
            .mapToLong(i -> Math.round(10_000 * Math.pow(1.1, i)))
            .toArray();

    final double throwing;
    final double answering500;
    final double slowness;

    private final long[] counts = new long[BOUNDS.length + 1];
    private long requests;
    private long failures;
    private long serverErrors;

    Version(double throwing, double answering500, double slowness) {
        this.throwing = throwing;
        this.answering500 = answering500;
        this.slowness = slowness;
    }

    static Version good() {
        return new Version(0, 0, 1);
    }

    /** {@return one like it that has done nothing yet} */
    Version afresh() {
        return new Version(throwing, answering500, slowness);
    }

    void complete(boolean failure, boolean serverError, int range) {
        requests++;
        failures += failure ? 1 : 0;
        serverErrors += serverError ? 1 : 0;
        counts[range]++;
    }

    Observed observed() {
        return new Observed(requests, failures, serverErrors, Latencies.of(BOUNDS, counts));
    }
}
