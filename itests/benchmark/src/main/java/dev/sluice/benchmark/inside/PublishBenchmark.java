package dev.sluice.benchmark.inside;

import dev.sluice.chain.snapshot.Provider;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

    /** Whether each unit has paths of its own, or all stand on all paths. */
    @Param({"true", "false"})
    boolean byPattern;

    private ChainUnderTest chain;
    private Provider last;
    private Provider next;

    /** Fills it. */
    @Setup(Level.Trial)
    public void fill() {
        chain = new ChainUnderTest();
        if (byPattern) {
            IntStream.range(1, units).forEach(i -> chain.with(1, List.of("/some/" + i + "/*", "/exactly/" + i)));
        } else {
            chain.with(units - 1);
        }
        last = chain.joined();
        next = chain.successor(last);
    }

    /** Ends its thread. */
    @TearDown(Level.Trial)
    public void close() {
        chain.close();
    }

    /** One unit comes or goes. {@return the generation} */
    @Benchmark
    @OperationsPerInvocation(2)
    public long publish() {
        chain.publishTwice(last);
        return chain.chain().current().generation();
    }

    /** One unit takes the place of another of the same name, as at a deployment. {@return the generation} */
    @Benchmark
    public long swap() {
        Provider retired = last;
        last = next;
        next = retired;
        chain.swap(retired, last);
        return chain.chain().current().generation();
    }
}
