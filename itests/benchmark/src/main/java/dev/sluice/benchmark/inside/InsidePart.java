package dev.sluice.benchmark.inside;

import dev.sluice.benchmark.Effort;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Benchmarks of the inside that run with the same number of threads.
 *
 * @param methods which, as a regular expression
 * @param threads how many threads
 */
record InsidePart(String methods, int threads) {

    private static final int MOST_GATE_THREADS = 16;

    /** {@return all parts, in the order in which they run} */
    static List<InsidePart> all(int processors, String only) {
        List<InsidePart> parts = new ArrayList<>();
        for (int threads : new TreeSet<>(List.of(2, processors))) {
            parts.add(part("(Chain|Paths|Split|OwnCounts)Benchmark", only, threads));
        }
        for (int threads = 1; threads <= MOST_GATE_THREADS; threads *= 2) {
            parts.add(part("GateBenchmark", only, threads));
        }
        parts.add(part("PublishBenchmark", only, 1));
        return List.copyOf(parts);
    }

    private static InsidePart part(String benchmarks, String only, int threads) {
        return new InsidePart("\\." + benchmarks + "\\.(" + only + ")$", threads);
    }

    /** {@return how many benchmarks that is, each with each value of its parameters} */
    int count() {
        OutputFormat silent = OutputFormatFactory.createFormatInstance(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silent, List.of(methods), List.of()).stream()
                .mapToInt(InsidePart::values)
                .sum();
    }

    private static int values(BenchmarkListEntry benchmark) {
        return benchmark.getParams().hasValue()
                ? benchmark.getParams().get().values().stream()
                        .mapToInt(values -> values.length)
                        .reduce(1, (a, b) -> a * b)
                : 1;
    }

    /** {@return for how long something is measured or warmed up; the starts of the JVMs come on top} */
    static Duration least(int count, Effort effort) {
        return effort.iteration()
                .multipliedBy((long) count * effort.forks() * (effort.warmUps() + effort.iterations()));
    }

    /** {@return how many there are, and how long that takes at least} */
    static String described(List<InsidePart> parts, Effort effort) {
        int count = parts.stream().mapToInt(InsidePart::count).sum();
        return count + " benchmarks with their parameters and threads × " + effort.forks() + " JVMs × ("
                + effort.warmUps() + " + " + effort.iterations() + ") iterations × "
                + effort.iteration().toMillis() + " ms = "
                + least(count, effort).toMinutes() + " min, and "
                + count * effort.forks() + " starts of a JVM";
    }
}
