package dev.sluice.benchmark;

import dev.sluice.benchmark.change.ChangeRun;
import dev.sluice.benchmark.growth.GrowthRun;
import dev.sluice.benchmark.inside.InsideRun;
import dev.sluice.benchmark.outside.OutsideRun;
import dev.sluice.benchmark.report.Report;
import dev.sluice.benchmark.start.StartRun;
import java.nio.file.Path;
import java.time.Clock;

/** Runs one suite of benchmarks, and makes the report of all that were run. */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Runs what it is told.
     *
     * @param arguments inside, outside, change, growth, start or report
     */
    public static void main(String[] arguments) throws Exception {
        String suite = arguments.length == 1 ? arguments[0] : "";
        Effort effort = Effort.named(System.getProperty("benchmark.effort", "full"));
        Path results = Path.of(System.getProperty("benchmark.results", "target/results"));
        Clock clock = Clock.systemUTC();
        switch (suite) {
            case "inside" ->
                new InsideRun(effort, System.getProperty("benchmark.only", ".*"))
                        .run(clock)
                        .write(results);
            case "outside" -> new OutsideRun(effort).run(clock).write(results);
            case "change" -> new ChangeRun(effort).run(clock).write(results);
            case "growth" -> new GrowthRun(effort).run(clock).write(results);
            case "start" ->
                new StartRun(effort, System.getProperty("benchmark.java", ""))
                        .run(clock)
                        .write(results);
            case "report" -> {}
            default ->
                throw new IllegalArgumentException(
                        "no suite \"" + suite + "\": -Dbenchmark= is inside, outside, change, growth, start or report");
        }
        new Report(results, Path.of(System.getProperty("benchmark.report", "target/report"))).write();
    }
}
