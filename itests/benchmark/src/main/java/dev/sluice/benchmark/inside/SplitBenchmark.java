package dev.sluice.benchmark.inside;

import jakarta.servlet.ServletException;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.TearDown;

/** A request through ten middleware, of which one may have two versions that share the requests. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class SplitBenchmark {

    private static final int OTHERS = 9;

    @Param({"false", "true"})
    boolean shared;

    private ChainUnderTest chain;

    /** Fills it. */
    @Setup(Level.Trial)
    public void fill() {
        chain = new ChainUnderTest().with(OTHERS);
        if (shared) {
            chain.split();
        } else {
            chain.with(1);
        }
    }

    /** Ends its thread. */
    @TearDown(Level.Trial)
    public void close() {
        chain.close();
    }

    /** {@return how often the end was reached} */
    @Benchmark
    public long split(Exchange exchange) throws IOException, ServletException {
        chain.entrance().serve(exchange.request, exchange.response, exchange.end);
        return exchange.ended;
    }
}
