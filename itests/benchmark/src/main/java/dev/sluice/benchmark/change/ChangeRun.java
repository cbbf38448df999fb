package dev.sluice.benchmark.change;

import dev.sluice.benchmark.Effort;
import dev.sluice.benchmark.load.JavaLoad;
import dev.sluice.benchmark.load.Outcome;
import dev.sluice.benchmark.load.Watched;
import dev.sluice.benchmark.outside.Samples;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.results.Machine;
import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Versions change once a second under load; and, with filters that deny all, anything that gets through is a bypass. */
public final class ChangeRun {

    private static final int CONNECTIONS = 8;
    private static final int FULL_RUNS = 2;
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The last versions have so long to be seen. */
    private static final Duration AFTER = Duration.ofSeconds(3);

    private static final int FORBIDDEN = 403;

    private final Effort effort;
    private final JavaLoad load = new JavaLoad();
    private final Samples samples = new Samples();
    private final List<Changing> peers = List.of(
            new ChangingSluice(),
            new ChangingFelix(false),
            new ChangingFelix(true),
            new ChangingTomcat(false),
            new ChangingTomcat(true),
            ChangingByReload.nginx(),
            ChangingByReload.haproxy());

    /**
     * Makes it.
     *
     * @param effort how long to measure
     */
    public ChangeRun(Effort effort) {
        this.effort = effort;
    }

    /**
     * Runs it.
     *
     * @param clock tells when it was over
     * @return what was measured
     */
    public Results run(Clock clock) throws Exception {
        List<String> leftOut = new ArrayList<>(List.of("Karaf, caddy: not part of this harness"));
        List<Changing> present = new ArrayList<>();
        for (Changing peer : peers) {
            peer.missing().ifPresentOrElse(why -> leftOut.add(peer.name() + ": " + why), () -> present.add(peer));
        }
        Path work = Files.createDirectories(Path.of("target", "change").toAbsolutePath());
        int runs = runs(effort);
        System.out.println("At least " + least(effort, present.size()).toMinutes() + " min, and the starts besides");
        for (int run = 0; run < runs; run++) {
            for (Changing peer : present) {
                Path folder = Files.createTempDirectory(work, peer.name().replaceAll("\\W+", "-") + "-");
                stamping(peer, clock, folder.resolve("stamping"));
                if (run == 0) {
                    denying(peer, clock, folder.resolve("denying"));
                }
            }
        }
        return new Results(
                "change",
                clock.instant().toString(),
                effort.name(),
                Machine.here(),
                method(present, runs),
                leftOut,
                panels(),
                samples.series());
    }

    private static int runs(Effort effort) {
        return effort.isFull() ? FULL_RUNS : 1;
    }

    /** {@return how long there are requests; the starts of so many peers come on top} */
    static Duration least(Effort effort, int peers) {
        Duration changing = effort.change().plus(AFTER);
        Duration stamping = effort.turn().multipliedBy(2).plus(changing);
        return stamping.multipliedBy(runs(effort)).plus(changing).multipliedBy(peers);
    }

    /** How many there are if all are installed. */
    int peers() {
        return peers.size();
    }

    private List<String> method(List<Changing> present, int runs) {
        List<String> method = new ArrayList<>();
        method.add("Load: " + load.described() + ", " + CONNECTIONS
                + " connections, in a process of its own on the same machine. "
                + "First " + effort.turn().toSeconds() + " s to warm up and as long quietly, then "
                + effort.change().toSeconds()
                + " s in which the version changes once a second; " + runs
                + " runs of each, in turn; with filters that deny, one.");
        method.add("JVM flags of each that has a JVM: `" + String.join(" ", ServerProcess.FLAGS) + "`.");
        present.forEach(peer -> method.add(peer.described()));
        return method;
    }

    private static List<Panel> panels() {
        return List.of(
                new Panel(
                        "quiet",
                        "While nothing changes",
                        "connections",
                        "Sluice",
                        true,
                        "The same load, for comparison."),
                new Panel(
                        "change",
                        "While versions change once a second",
                        "connections",
                        "Sluice",
                        true,
                        "**failed**: no answer, or not 200. **unfiltered**: an answer that lacks a filter's header. **mixed**: the two"
                                + " filters of one request were of two versions. **deploy latency**: from the finished copy to the"
                                + " first answer of the new version; a version that the next one has overtaken was never seen."),
                new Panel(
                        "deny",
                        "While a filter that denies all requests changes once a second",
                        "connections",
                        "Sluice",
                        true,
                        "**let through**: any answer with 200."));
    }

    private void stamping(Changing peer, Clock clock, Path work) throws Exception {
        System.out.println(peer.name() + " stamping");
        try (Changing.Running running = peer.start("1.0.0", false, work)) {
            load.run(running.process().at("/hello"), CONNECTIONS, effort.turn());
            outcome("quiet", peer, load.run(running.process().at("/hello"), CONNECTIONS, effort.turn()));
            Map<String, Long> complete = new LinkedHashMap<>();
            Watched seen = changing(running, clock, complete);
            outcome("change", peer, seen.outcome());
            add("change", peer, "failed", "requests", seen.outcome().failed());
            add("change", peer, "unfiltered", "requests", seen.unfiltered());
            add("change", peer, "mixed", "requests", seen.mixed());
            add("change", peer, "wrong", "requests", seen.wrong());
            Latencies latencies = Latencies.of(complete, seen.firstSeen());
            add("change", peer, "versions", "changes", complete.size());
            add("change", peer, "versions never seen", "changes", latencies.neverSeen());
            if (!latencies.millis().isEmpty()) {
                add("change", peer, "deploy latency, median", "ms", latencies.quantile(50));
                add("change", peer, "deploy latency, p95", "ms", latencies.quantile(95));
            }
        }
    }

    private void denying(Changing peer, Clock clock, Path work) throws Exception {
        System.out.println(peer.name() + " denying");
        try (Changing.Running running = peer.start("1.0.0", true, work)) {
            Watched seen = changing(running, clock, new LinkedHashMap<>());
            long denied = seen.statuses().getOrDefault(FORBIDDEN, 0L);
            long other = seen.outcome().failed() - denied;
            // What is answered with 200 is in no status: the load notes those that it doesn't expect.
            long through = seen.outcome().requests()
                    - seen.statuses().entrySet().stream()
                            .filter(entry -> entry.getKey() != 0)
                            .mapToLong(Map.Entry::getValue)
                            .sum();
            add("deny", peer, "let through", "requests", through);
            add("deny", peer, "denied", "requests", denied);
            add("deny", peer, "neither", "requests", other);
        }
    }

    private Watched changing(Changing.Running running, Clock clock, Map<String, Long> complete) throws Exception {
        Process requests = load.start(
                running.process().at("/hello"), CONNECTIONS, effort.change().plus(AFTER));
        try {
            long start = System.nanoTime();
            for (int number = 1; number < effort.change().toSeconds(); number++) {
                long due = start + number * TICK_NANOS;
                for (long left; (left = due - System.nanoTime()) > 0; ) {
                    LockSupport.parkNanos(left);
                }
                String version = "1.0." + number;
                running.change().to(version);
                complete.put(version, clock.millis());
            }
            return load.result(requests);
        } finally {
            requests.destroyForcibly();
        }
    }

    private void outcome(String panel, Changing peer, Outcome outcome) {
        add(panel, peer, "throughput", "requests/s", outcome.throughput());
        add(panel, peer, "latency p50", "µs", outcome.p50());
        add(panel, peer, "latency p99", "µs", outcome.p99());
        add(panel, peer, "latency p99.9", "µs", outcome.p999());
        add(panel, peer, "longest", "µs", outcome.max());
    }

    private void add(String panel, Changing peer, String metric, String unit, double sample) {
        samples.add(panel, peer.name(), CONNECTIONS, metric, unit, sample);
    }
}
