package dev.sluice.benchmark.inside;

import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Series;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** Reads JMH's results: the parameter that is a number is the axis, or else the number of threads. */
final class Jmh {

    static final String TIME = "time";
    static final String ALLOCATED = "allocated";

    /** What each class of benchmarks is about. */
    private static final Map<String, Panel> ABOUT = Map.of(
            "Chain",
                    new Panel(
                            "Chain",
                            "A request through the chain",
                            "middleware",
                            "handWritten",
                            false,
                            "`handWritten` is the same calls linked by hand, without lease, containment and versions; `filterChain` what"
                                    + " servlet containers build for each request; `jettyWrappers` Jetty's own handlers. `sluiceObserved`"
                                    + " is the chain while every unit's figures are kept for rollouts."),
            "Paths",
                    new Panel(
                            "Paths",
                            "A request that ten match, beside patterns that don't",
                            "patterns that don't match",
                            "paths, byPattern=false",
                            false,
                            "The ten stand on all paths, or match by one of two patterns."),
            "Split",
                    new Panel(
                            "Split",
                            "A request through ten, one of which may be split",
                            "threads",
                            "split, shared=false",
                            false,
                            "Two versions of one share the requests half and half, at random."),
            "OwnCounts",
                    new Panel(
                            "OwnCounts",
                            "Counting requests with the units that hand them on",
                            "middleware",
                            "ownCounts",
                            false,
                            "It can't be switched off, so it is measured alone. A part of the time of a request through the chain."),
            "Gate",
                    new Panel(
                            "Gate",
                            "Enter and leave",
                            "threads",
                            "gate, by=Stripes",
                            false,
                            "`Stripes` is the chain's own; `gateWithRegister` is that with the register of the requests in flight."
                                    + " `Adder` is there for its speed only: its sum can be below the truth. Between the two each looks"
                                    + " whether the snapshot is still the current one. With more threads than processors they take"
                                    + " turns, and a figure is so many times longer."),
            "Publish",
                    new Panel(
                            "Publish",
                            "A publish",
                            "units",
                            "publish, byPattern=true",
                            false,
                            "One unit comes or goes (`publish`), or a version takes the place of another (`swap`); there is one writer. The"
                                    + " others stand on all paths, or have each two patterns of its own."));

    private Jmh() {}

    static List<Panel> panels(Collection<RunResult> all) {
        Map<String, Panel> panels = new LinkedHashMap<>();
        all.stream().map(RunResult::getParams).forEach(params -> {
            Panel about = ABOUT.get(about(params));
            String name = panel(params);
            String threads = name.equals(about.name()) ? "" : ", " + params.getThreads() + " threads";
            panels.putIfAbsent(
                    name,
                    new Panel(
                            name,
                            about.title() + threads,
                            about.xName(),
                            about.reference(),
                            about.isPaired(),
                            about.text()));
        });
        return List.copyOf(panels.values());
    }

    static List<Series> series(Collection<RunResult> all) {
        List<Series> series = new ArrayList<>();
        for (RunResult one : all) {
            BenchmarkParams params = one.getParams();
            series.add(new Series(
                    panel(params),
                    subject(params),
                    x(params),
                    TIME,
                    one.getPrimaryResult().getScoreUnit(),
                    samples(
                            one,
                            iteration ->
                                    Optional.of(iteration.getPrimaryResult().getScore()))));
            List<Double> allocated = samples(one, iteration -> iteration.getSecondaryResults().entrySet().stream()
                    .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                    .map(entry -> entry.getValue().getScore())
                    .findFirst());
            if (!allocated.isEmpty()) {
                series.add(new Series(panel(params), subject(params), x(params), ALLOCATED, "B/op", allocated));
            }
        }
        return series;
    }

    /** One of each JVM, the median of its iterations: they depend on each other, and would let the spread look smaller than it is. */
    private static List<Double> samples(RunResult one, Function<IterationResult, Optional<Double>> which) {
        return one.getBenchmarkResults().stream()
                .map(fork -> fork.getIterationResults().stream()
                        .flatMap(iteration -> which.apply(iteration).stream())
                        .sorted()
                        .toList())
                .filter(iterations -> !iterations.isEmpty())
                .map(iterations -> iterations.get(iterations.size() / 2))
                .toList();
    }

    private static String panel(BenchmarkParams params) {
        String about = about(params);
        return axis(params).isPresent() && params.getThreads() > 1 ? about + "-" + params.getThreads() : about;
    }

    private static String about(BenchmarkParams params) {
        String[] parts = params.getBenchmark().split("\\.");
        return parts[parts.length - 2].replace("Benchmark", "");
    }

    private static String subject(BenchmarkParams params) {
        StringBuilder subject = new StringBuilder(params.getBenchmark().replaceAll(".*\\.", ""));
        for (String key : params.getParamsKeys()) {
            if (!isNumber(params.getParam(key))) {
                subject.append(", ").append(key).append('=').append(params.getParam(key));
            }
        }
        return subject.toString();
    }

    private static double x(BenchmarkParams params) {
        return axis(params).map(key -> Double.parseDouble(params.getParam(key))).orElse((double) params.getThreads());
    }

    private static Optional<String> axis(BenchmarkParams params) {
        return params.getParamsKeys().stream()
                .filter(key -> isNumber(params.getParam(key)))
                .findFirst();
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d+");
    }
}
