package dev.sluice.benchmark.inside;

import dev.sluice.chain.snapshot.Provider;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** A publish, with so many units in the chain. There is one writer. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Threads(1)
public class PublishBenchmark {

    @Param({"10", "100", "1000"})
    int units;

    private ChainUnderTest chain;
    private Provider last;

    /** Fills it. */
    @Setup(Level.Trial)
    public void fill() {
        chain = new ChainUnderTest().with(units - 1);
        last = chain.joined();
    }

    /** Ends its thread. */
    @TearDown(Level.Trial)
    public void close() {
        chain.close();
    }

    /** {@return the generation} */
    @Benchmark
    @OperationsPerInvocation(2)
    public long publish() {
        chain.publishTwice(last);
        return chain.chain().current().generation();
    }
}
