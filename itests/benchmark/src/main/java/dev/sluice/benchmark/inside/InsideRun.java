package dev.sluice.benchmark.inside;

import dev.sluice.benchmark.Effort;
import dev.sluice.benchmark.outside.ShippedJar;
import dev.sluice.benchmark.results.Machine;
import dev.sluice.benchmark.results.Results;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Version;

/** The benchmarks of the inside: each in JVMs of its own, by JMH, with what it allocates. */
public final class InsideRun {

    /** The same for all that is measured inside. The collector, which has a part in each reference that is written, is the usual one. */
    private static final String[] FLAGS = {"-Xms512m", "-Xmx512m", "-XX:+UseG1GC"};

    /** The suite's name where not all of it is run: it takes no other's place. */
    public static final String PART = "some-of-inside";

    private static final String ALL = ".*";

    private final Effort effort;
    private final String only;

    /**
     * Makes it.
     *
     * @param effort how long to measure
     * @param only a regular expression: which benchmarks
     */
    public InsideRun(Effort effort, String only) {
        this.effort = effort;
        this.only = only;
    }

    /**
     * Runs it.
     *
     * @param clock tells when it was over
     * @return what was measured
     */
    public Results run(Clock clock) throws RunnerException, IOException {
        List<InsidePart> parts = InsidePart.all(Runtime.getRuntime().availableProcessors(), only);
        System.out.println(InsidePart.described(parts, effort));
        List<RunResult> all = new ArrayList<>();
        for (InsidePart part : parts) {
            all.addAll(run(part));
        }
        return new Results(
                only.equals(ALL) ? "inside" : PART,
                clock.instant().toString(),
                effort.name(),
                Machine.here(),
                ShippedJar.sha256(),
                List.of(
                        "JMH " + jmhVersion() + ", `-prof gc`; of each benchmark " + effort.forks()
                                + " JVMs, each with "
                                + effort.warmUps() + " iterations that don't count and " + effort.iterations()
                                + " that do, of " + effort.iteration().toMillis()
                                + " ms each; a sample is the median of one JVM.",
                        "JVM flags: `" + String.join(" ", FLAGS) + "`.",
                        "Every middleware, filter and wrapper is of a class of its own, from a class loader of its own."),
                only.equals(ALL) ? List.of() : List.of("all but `" + only + "`"),
                Jmh.panels(all),
                Jmh.series(all));
    }

    private Collection<RunResult> run(InsidePart part) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(part.methods())
                .forks(effort.forks())
                .warmupIterations(effort.warmUps())
                .warmupTime(TimeValue.milliseconds(effort.iteration().toMillis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.iteration().toMillis()))
                .threads(part.threads())
                .jvmArgs(FLAGS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        try {
            return new Runner(options.build()).run();
        } catch (NoBenchmarksException none) {
            return List.of();
        }
    }

    private static String jmhVersion() {
        return Version.getPlainVersion().replaceAll("(?s)^JMH (\\S+).*", "$1");
    }
}
