package dev.sluice.benchmark.inside;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/**
 * A request that ten middleware match, beside others that don't, each with a pattern of its own. With more of those it may cost
 * no more.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class PathsBenchmark {

    private static final int MATCHING = 10;

    @Param({"0", "1", "10", "100", "1000"})
    int patterns;

    /** Whether those that match do so by a pattern, or stand on all paths. */
    @Param({"true", "false"})
    boolean byPattern;

    private ChainUnderTest chain;

    /** Fills it. */
    @Setup(Level.Trial)
    public void fill() {
        chain = new ChainUnderTest().with(MATCHING, byPattern ? List.of("/api/*", "*.json") : List.of("/*"));
        IntStream.range(0, patterns).forEach(i -> chain.with(1, List.of("/other/" + i + "/*")));
    }

    /** Ends its thread. */
    @TearDown(Level.Trial)
    public void close() {
        chain.close();
    }

    /** {@return how often the end was reached} */
    @Benchmark
    public long paths(Exchange exchange) throws IOException, ServletException {
        chain.entrance().serve(exchange.request, exchange.response, exchange.end);
        return exchange.ended;
    }
}
