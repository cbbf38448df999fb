package dev.sluice.chain.snapshot;

import dev.sluice.chain.OwnFigures;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs a request to be counted with the units that hand it on. It can't be switched off, so it is measured alone: what
 * {@link Lease#close} does for it, with units that have had their first requests. It stands in the chain's package as the
 * counters are nobody else's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class OwnCountsBenchmark {

    /** Clocks advance by about this much from request to request; prime, so that the sample is spread. */
    private static final long NANOS = 1009;

    @Param({"0", "1", "10", "50"})
    int middleware;

    private OwnAnswers[] units;

    /** A thread's clock. */
    @State(Scope.Thread)
    public static class Clock {
        long now;
    }

    /** Lets each have its first requests. */
    @Setup(Level.Trial)
    public void grow() {
        units = new OwnAnswers[middleware];
        for (int i = 0; i < middleware; i++) {
            units[i] = new OwnAnswers();
            for (int request = 0; request <= OwnFigures.EACH; request++) {
                units[i].handedOn(false);
            }
        }
    }

    /** {@return the time} */
    @Benchmark
    public long ownCounts(Clock clock) {
        clock.now += NANOS;
        boolean isSampled = OwnAnswers.isSampled(clock.now);
        if (isSampled) {
            for (OwnAnswers unit : units) {
                unit.handedOn(true);
            }
        }
        return clock.now;
    }
}
