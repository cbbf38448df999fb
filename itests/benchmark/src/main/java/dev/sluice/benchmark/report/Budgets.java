package dev.sluice.benchmark.report;

import dev.sluice.benchmark.results.Results;
import dev.sluice.benchmark.results.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The budgets of the design, and where their figures are found. */
final class Budgets {

    private static final int THREADS = 2;
    private static final int CONNECTIONS = 8;
    private static final int TEN = 10;
    private static final int FIFTY = 50;
    private static final int THOUSAND = 1000;

    static final List<Budget> ALL = all();

    private Budgets() {}

    private static List<Budget> all() {
        List<Budget> all = new ArrayList<>();
        all.add(new Budget(
                "chain of 10, beyond the same calls hand-written, 2 threads",
                "≤ 100 ns",
                100,
                " ns",
                results -> beyond(results, "time"),
                "a look at the clock is some 23 ns of it, so that it can be told how old a stuck request is; the context class loaders are"
                        + " about as much; [what a lease is](decisions/0004-lease-design.md)"));
        all.add(new Budget(
                "the same, what it allocates (the budget is two objects; JMH tells of bytes: a lease has 96)",
                "≤ 2 objects",
                // Two of the size of a lease.
                200,
                " B",
                results -> beyond(results, "allocated")));
        all.add(new Budget(
                "the same for 100 patterns that don't match, beside none",
                "the same: ≤ 1.1×",
                1.1,
                "×",
                results -> ratio(
                        results.find("Paths-2", "paths, byPattern=true", 100, "time"),
                        results.find("Paths-2", "paths, byPattern=true", 0, "time"),
                        false)));
        all.add(new Budget(
                "lease, enter and leave, 2 threads",
                "≤ 30 ns",
                30,
                " ns",
                results -> spread(results.find("Gate", "gate, by=Stripes", THREADS, "time"))));
        all.add(new Budget(
                "the same, with the register of requests in flight",
                "≤ 80 ns",
                80,
                " ns",
                results -> spread(results.find("Gate", "gateWithRegister", THREADS, "time"))));
        all.add(new Budget(
                "50 middleware in a live server beside Jetty's own filters, time in the server",
                "≤ 1.3×",
                1.3,
                "×",
                results -> ratio(
                        results.find("outside", "Sluice", FIFTY, "median in the server"),
                        results.find("outside", "Jetty", FIFTY, "median in the server"),
                        true)));
        all.add(new Budget(
                "the same of the fifty alone: that time with fifty less that with none",
                "≤ 1.3×",
                1.3,
                "×",
                Budgets::fiftyAlone,
                "read so strictly, it isn't met: a step of Sluice sets the context class loader of its bundle and sets it back, is"
                        + " watched and contained; the row above is what a request notices"));
        all.add(new Budget(
                "publish with 1,000 units",
                "≤ 1 ms",
                1000,
                " µs",
                results -> spread(results.find("Publish", "publish, byPattern=true", THOUSAND, "time"))));
        all.add(new Budget(
                "complete JAR in the folder → first request on it, median",
                "≤ 150 ms",
                150,
                " ms",
                results -> spread(results.find("change", "Sluice", CONNECTIONS, "deploy latency, median"))));
        all.add(new Budget(
                "the same, p95",
                "≤ 300 ms",
                300,
                " ms",
                results -> spread(results.find("change", "Sluice", CONNECTIONS, "deploy latency, p95"))));
        all.add(new Budget(
                "requests failed, unfiltered or mixed while versions change under load"
                        + " (1,000 swaps, with loaded classes and metaspace, are `UnloadSoakIT`, run with each build)",
                "0",
                0,
                "",
                results -> spread(results.find("change", "Sluice", CONNECTIONS, "wrong"))));
        all.add(new Budget(
                "requests that get past a filter that denies all, while its versions change",
                "0",
                0,
                "",
                results -> spread(results.find("deny", "Sluice", CONNECTIONS, "let through"))));
        for (int jdk : List.of(17, 25)) {
            all.add(start(jdk, "`java -jar` → first 200, beside plain Jetty", "start", "≤ 2×", 2, "Jetty"));
            all.add(start(
                    jdk,
                    "the same with class data, beside plain Jetty without",
                    "start-class-data",
                    "≤ 1.2×",
                    1.2,
                    "Jetty without"));
        }
        return List.copyOf(all);
    }

    private static Budget start(int jdk, String what, String panel, String limit, double most, String beside) {
        return new Budget(
                what + ", JDK " + jdk,
                limit,
                most,
                "×",
                results -> ratio(
                        results.find(panel, "Sluice", jdk, "first 200"),
                        results.find(panel, beside, jdk, "first 200"),
                        true),
                "a start of Sluice is that of 27 bundles; [what it takes, and what was tried](decisions/0032-start-up.md)");
    }

    /** The rounds are the same with all numbers of middleware. */
    private static Optional<Spread> fiftyAlone(Results results) {
        Optional<List<Double>> own = beyondNone(results, "Sluice");
        Optional<List<Double>> jetty = beyondNone(results, "Jetty");
        return own.flatMap(it -> jetty.map(other -> Spread.ratio(it, other, true)));
    }

    private static Optional<List<Double>> beyondNone(Results results, String server) {
        Optional<Series> fifty = results.find("outside", server, FIFTY, "median in the server");
        Optional<Series> none = results.find("outside", server, 0, "median in the server");
        return fifty.flatMap(it -> none.map(other -> IntStream.range(
                        0, Math.min(it.samples().size(), other.samples().size()))
                .mapToObj(round -> it.samples().get(round) - other.samples().get(round))
                .toList()));
    }

    private static Optional<Spread> beyond(Results results, String metric) {
        Optional<Series> own = results.find("Chain-2", "sluice", TEN, metric);
        Optional<Series> byHand = results.find("Chain-2", "handWritten", TEN, metric);
        return own.flatMap(it -> byHand.map(other -> Spread.difference(it.samples(), other.samples())));
    }

    private static Optional<Spread> ratio(Optional<Series> own, Optional<Series> other, boolean isPaired) {
        return own.flatMap(it -> other.map(beside -> Spread.ratio(it.samples(), beside.samples(), isPaired)));
    }

    private static Optional<Spread> spread(Optional<Series> series) {
        return series.map(it -> Spread.of(it.samples()));
    }
}
