package dev.sluice.benchmark.outside;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.benchmark.Effort;
import dev.sluice.benchmark.load.Load;
import dev.sluice.benchmark.load.Outcome;
import dev.sluice.benchmark.results.Machine;
import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Results;
import dev.sluice.benchmark.server.Timing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Servers beside each other: each has its turn in each round, so that a slow minute is slow for all of them. */
public final class OutsideRun {

    private static final String PANEL = "outside";
    private static final List<Integer> MIDDLEWARE = List.of(0, 10, 50);
    private static final int CONNECTIONS = 8;
    /** The load ends its own count a little before or after the server does. */
    private static final double MOST_UNTIMED = 0.01;

    private static final double NANOS_PER_MICRO = 1000;

    private final Effort effort;
    private final Load load = Load.available();
    private final Samples samples = new Samples();

    /**
     * Makes it.
     *
     * @param effort how long to measure
     */
    public OutsideRun(Effort effort) {
        this.effort = effort;
    }

    /**
     * Runs it.
     *
     * @param clock tells when it was over
     * @return what was measured
     */
    public Results run(Clock clock) throws Exception {
        List<Peer> peers = SluicePeer.all();
        Peer everything = new SluicePeer(true);
        Path work = Files.createDirectories(Path.of("target", "outside").toAbsolutePath());
        for (int round = 0; round < effort.rounds(); round++) {
            for (int middleware : MIDDLEWARE) {
                List<Peer> order = new ArrayList<>(peers);
                if (middleware > 0) {
                    order.add(everything);
                }
                Collections.rotate(order, -round);
                Path folder = Files.createTempDirectory(work, middleware + "-");
                for (Peer peer : order) {
                    turn(peer, middleware, folder.resolve(peer.name().replaceAll("\\W+", "-")));
                }
            }
        }
        List<String> method = new ArrayList<>();
        method.add(
                "Each server is a process of its own, started anew for each of its turns, so that no figure is of one JVM; JVM"
                        + " flags of each: `" + String.join(" ", ServerProcess.FLAGS)
                        + "`. All answer from memory, over loopback.");
        method.add("Load: " + load.described() + ", " + CONNECTIONS
                + " connections, in a process of its own on the same machine; "
                + effort.rounds() + " rounds, in which each has its turn with each number of middleware: "
                + effort.warmUp().toSeconds() + " s to warm up, and "
                + effort.turn().toSeconds()
                + " s that count. × is the median of the ratios within each round.");
        method.add(
                "The time in the server is taken around everything behind the server's own connection: by the first filter, or a"
                        + " preprocessor before the chain's. Each server has the same class for it. Jetty writes to the socket"
                        + " within that time, as the answer is complete then, and Tomcat after it: Tomcat's is a figure of its own.");
        Stream.concat(peers.stream(), Stream.of(everything))
                .map(Peer::described)
                .forEach(method::add);
        return new Results(
                "outside",
                clock.instant().toString(),
                effort.name(),
                Machine.here(),
                ShippedJar.sha256(),
                method,
                List.of(
                        "Spring Cloud Gateway: it is a proxy on Netty, and nothing in it answers from memory as the others do"),
                List.of(new Panel(
                        PANEL,
                        "A request over loopback",
                        "middleware",
                        "Jetty",
                        true,
                        "Whole servers can't resolve fifty filters where noise is some ±15 %: for that there is the time in the"
                                + " server. Most of that is the server's own, the writing above all: what the middleware alone"
                                + " cost is a row less the row for none.")),
                samples.series());
    }

    private void turn(Peer peer, int middleware, Path work) throws Exception {
        try (Peer.Running running = peer.start(middleware, work)) {
            ServerProcess server = running.process();
            load.run(server.at("/hello"), CONNECTIONS, effort.warmUp());
            timing(server);
            Outcome outcome = load.run(server.at("/hello"), CONNECTIONS, effort.turn());
            JsonObject inside = timing(server);
            check(peer.name(), outcome, inside.get("requests").getAsLong(), running.asSetUp());
            add(peer, middleware, "throughput", "requests/s", outcome.throughput());
            add(peer, middleware, "latency p50", "µs", outcome.p50());
            add(peer, middleware, "latency p99", "µs", outcome.p99());
            add(peer, middleware, "latency p99.9", "µs", outcome.p999());
            String where = peer.writesWithin() ? " in the server" : " in the server, before it writes";
            add(peer, middleware, "median" + where, "µs", micros(inside, "p50"));
            add(peer, middleware, "p99" + where, "µs", micros(inside, "p99"));
            System.out.printf("%s with %d: %.0f requests/s%n", peer.name(), middleware, outcome.throughput());
        }
    }

    private void add(Peer peer, int middleware, String metric, String unit, double sample) {
        samples.add(PANEL, peer.name(), middleware, metric, unit, sample);
    }

    /** What was measured otherwise than it is described would be worth nothing. */
    static void check(String name, Outcome outcome, long timed, ServerProcess.Check asSetUp) throws Exception {
        if (outcome.failed() > 0) {
            throw new IllegalStateException(
                    name + " has failed " + outcome.failed() + " of " + outcome.requests() + " requests");
        }
        if (Math.abs(timed - outcome.requests()) > CONNECTIONS + outcome.requests() * MOST_UNTIMED) {
            throw new IllegalStateException(name + " has timed " + timed + " requests, of " + outcome.requests());
        }
        if (!asSetUp.holds()) {
            throw new IllegalStateException(name + " isn't as it was set up any more");
        }
    }

    private static JsonObject timing(ServerProcess server) throws InterruptedException {
        ServerProcess.Reply reply = server.get(server.at(Timing.PATH));
        if (reply.status() != 200) {
            throw new IllegalStateException("no timing from " + server.at(Timing.PATH) + ", but " + reply.status());
        }
        return JsonParser.parseString(reply.body()).getAsJsonObject();
    }

    private static double micros(JsonObject timing, String quantile) {
        return timing.get(quantile).getAsLong() / NANOS_PER_MICRO;
    }
}
