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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Servers beside each other: each has its turn in each round, so that a slow minute is slow for all of them. */
public final class OutsideRun {

    private static final String PANEL = "outside";
    private static final List<Integer> MIDDLEWARE = List.of(0, 10, 50);
    private static final int CONNECTIONS = 8;
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
        for (int middleware : MIDDLEWARE) {
            measure(
                    middleware == 0
                            ? peers
                            : Stream.concat(peers.stream(), Stream.of(everything))
                                    .toList(),
                    middleware,
                    Files.createTempDirectory(work, middleware + "-"));
        }
        List<String> method = new ArrayList<>();
        method.add(
                "Each server is a process of its own, all started before the first round and idle while it isn't their turn; JVM"
                        + " flags of each: `" + String.join(" ", ServerProcess.FLAGS)
                        + "`. All answer from memory, over loopback.");
        method.add("Load: " + load.described() + ", " + CONNECTIONS
                + " connections, in a process of its own on the same machine; "
                + effort.rounds() + " rounds of " + effort.turn().toSeconds() + " s for each, in turn, after "
                + effort.warmUp().toSeconds() + " s to warm up. × is the median of the ratios within each round.");
        method.add(
                "The time in the server is taken around everything behind the server's own connection: by the first filter, or a"
                        + " preprocessor before the chain's. Each server has the same class for it. Jetty writes to the socket"
                        + " within that time, as the answer is complete then, and Tomcat after it: Tomcat's is to be compared with itself only.");
        Stream.concat(peers.stream(), Stream.of(everything))
                .map(Peer::described)
                .forEach(method::add);
        return new Results(
                "outside",
                clock.instant().toString(),
                effort.name(),
                Machine.here(),
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
                                + " server.")),
                samples.series());
    }

    private void measure(List<Peer> peers, int middleware, Path work) throws Exception {
        Map<Peer, ServerProcess> servers = new LinkedHashMap<>();
        try {
            for (Peer peer : peers) {
                System.out.println("start " + peer.name() + " with " + middleware);
                servers.put(
                        peer, peer.start(middleware, work.resolve(peer.name().replaceAll("\\W+", "-"))));
            }
            for (ServerProcess server : servers.values()) {
                load.run(server.at("/hello"), CONNECTIONS, effort.warmUp());
            }
            List<Peer> order = new ArrayList<>(peers);
            for (int round = 0; round < effort.rounds(); round++) {
                for (Peer peer : order) {
                    turn(peer.name(), servers.get(peer), middleware);
                }
                Collections.rotate(order, 1);
            }
        } finally {
            servers.values().forEach(ServerProcess::close);
        }
    }

    private void turn(String name, ServerProcess server, int middleware) throws Exception {
        timing(server);
        Outcome outcome = load.run(server.at("/hello"), CONNECTIONS, effort.turn());
        if (outcome.failed() > 0) {
            throw new IllegalStateException(name + " has failed " + outcome.failed() + " of " + outcome.requests()
                    + " requests: its figures would be worth nothing");
        }
        JsonObject inside = timing(server);
        samples.add(PANEL, name, middleware, "throughput", "requests/s", outcome.throughput());
        samples.add(PANEL, name, middleware, "latency p50", "µs", outcome.p50());
        samples.add(PANEL, name, middleware, "latency p99", "µs", outcome.p99());
        samples.add(PANEL, name, middleware, "latency p99.9", "µs", outcome.p999());
        samples.add(PANEL, name, middleware, "median in the server", "µs", micros(inside, "p50"));
        samples.add(PANEL, name, middleware, "p99 in the server", "µs", micros(inside, "p99"));
        System.out.printf("%s with %d: %.0f requests/s%n", name, middleware, outcome.throughput());
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
