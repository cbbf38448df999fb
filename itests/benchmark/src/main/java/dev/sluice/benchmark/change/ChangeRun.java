package dev.sluice.benchmark.change;

import dev.sluice.benchmark.Effort;
import dev.sluice.benchmark.load.JavaLoad;
import dev.sluice.benchmark.load.Outcome;
import dev.sluice.benchmark.load.Watched;
import dev.sluice.benchmark.outside.Samples;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.outside.ShippedJar;
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
    /** The load's own JVM is cold at first: no times are taken then, and nothing changes. */
    private static final Duration LOAD_WARM_UP = Duration.ofSeconds(5);
    /** So many turns are a quiet run: its tail is to be of enough requests to stand beside that of the changes. */
    private static final int QUIET_TURNS = 3;

    /** The last versions have so long to be seen. */
    private static final Duration AFTER = Duration.ofSeconds(3);

    private static final int OK = 200;
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
        List<String> leftOut = new ArrayList<>(List.of(
                "Karaf 4.4: its HTTP service is that of `javax.servlet`, for which none of these filters is made; it deploys by"
                        + " File Install, as the peer of that name does",
                "caddy: nginx and haproxy stand for servers whose configuration is reloaded"));
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
                ShippedJar.sha256(),
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
        Duration changing = LOAD_WARM_UP.plus(effort.change()).plus(AFTER);
        Duration stamping = effort.turn().plus(LOAD_WARM_UP).plus(quiet(effort)).plus(changing);
        return stamping.multipliedBy(runs(effort)).plus(changing).multipliedBy(peers);
    }

    private static Duration quiet(Effort effort) {
        return effort.turn().multipliedBy(QUIET_TURNS);
    }

    /** How many there are if all are installed. */
    int peers() {
        return peers.size();
    }

    private List<String> method(List<Changing> present, int runs) {
        List<String> method = new ArrayList<>();
        method.add("Load: " + load.described() + ", " + CONNECTIONS
                + " connections, in a process of its own on the same machine. "
                + "First " + effort.turn().toSeconds() + " s to warm up, then "
                + quiet(effort).toSeconds() + " s quietly, then "
                + effort.change().toSeconds()
                + " s in which the version changes once a second; runs of each, in turn: " + runs
                + "; with filters that deny, one. Each part has a load of its own, whose first "
                + LOAD_WARM_UP.toSeconds() + " s are in no time.");
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
                        false,
                        "The same load, for comparison."),
                new Panel(
                        "change",
                        "While versions change once a second",
                        "connections",
                        "Sluice",
                        false,
                        "**failed**: no answer, or not 200; **failing**: for how long some request failed, in steps of 10 ms. Times and"
                                + " throughput are of the others, **longest** is of all. **sent again**: the server had closed the"
                                + " connection between two requests, and the next one was sent once more, as clients do; it hasn't failed."
                                + " **unfiltered**: an answer that lacks a filter's header. **mixed**: the two filters of one request were"
                                + " of two versions, or one was there twice. **deploy latency**: from the finished copy, or from the"
                                + " signal, to the first answer of the new version. A version that the next one has overtaken was never"
                                + " seen: it counts with the time until then, so that the latency is more than is said."),
                new Panel(
                        "deny",
                        "While a filter that denies all requests changes once a second",
                        "connections",
                        "Sluice",
                        false,
                        "**let through**: any answer that begins with 200, once. **neither**: no answer, or another one."
                                + " **versions** and **versions never seen**: so many changes there were to get past."));
    }

    private void stamping(Changing peer, Clock clock, Path work) throws Exception {
        System.out.println(peer.name() + " stamping");
        try (Changing.Running running = peer.start("1.0.0", false, work)) {
            load.run(running.process().at("/hello"), CONNECTIONS, effort.turn());
            outcome(
                    "quiet",
                    peer,
                    load.result(start(running, quiet(effort), OK)).outcome());
            Map<String, Long> complete = new LinkedHashMap<>();
            Watched seen = changing(running, clock, complete, OK);
            outcome("change", peer, seen.outcome());
            add("change", peer, "failed", "requests", seen.outcome().failed());
            add("change", peer, "failing", "ms", seen.failingMillis());
            add("change", peer, "sent again", "requests", seen.sentAgain());
            add("change", peer, "unfiltered", "requests", seen.unfiltered());
            add("change", peer, "mixed", "requests", seen.mixed());
            add("change", peer, "wrong", "requests", seen.wrong());
            Latencies latencies = versions("change", peer, complete, seen);
            add("change", peer, "deploy latency, median", "ms", latencies.quantile(50));
            add("change", peer, "deploy latency, p95", "ms", latencies.quantile(95));
        }
    }

    private void denying(Changing peer, Clock clock, Path work) throws Exception {
        System.out.println(peer.name() + " denying");
        try (Changing.Running running = peer.start("1.0.0", true, work)) {
            Map<String, Long> complete = new LinkedHashMap<>();
            Watched seen = changing(running, clock, complete, FORBIDDEN);
            add("deny", peer, "let through", "requests", seen.letThrough());
            add("deny", peer, "denied", "requests", seen.outcome().requests());
            add("deny", peer, "neither", "requests", seen.outcome().failed() - seen.letThrough());
            versions("deny", peer, complete, seen);
        }
    }

    private Latencies versions(String panel, Changing peer, Map<String, Long> complete, Watched seen) {
        Latencies latencies = Latencies.of(complete, seen.firstSeen(), AFTER);
        add(panel, peer, "versions", "changes", complete.size());
        add(panel, peer, "versions never seen", "changes", latencies.neverSeen());
        return latencies;
    }

    private Process start(Changing.Running running, Duration length, int status) throws Exception {
        return load.start(running.process().at("/hello"), CONNECTIONS, LOAD_WARM_UP, length, status);
    }

    private Watched changing(Changing.Running running, Clock clock, Map<String, Long> complete, int status)
            throws Exception {
        Process requests = start(running, effort.change().plus(AFTER), status);
        try {
            long start = System.nanoTime() + LOAD_WARM_UP.toNanos();
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
