package dev.sluice.benchmark.growth;

import com.google.gson.JsonParser;
import dev.sluice.benchmark.Effort;
import dev.sluice.benchmark.load.Load;
import dev.sluice.benchmark.outside.Samples;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.outside.ShippedJar;
import dev.sluice.benchmark.results.Machine;
import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Results;
import dev.sluice.benchmark.server.Timing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What it costs to have many bundles of which few match. */
public final class GrowthRun {

    private static final String PANEL = "growth";
    private static final String SUBJECT = "Sluice";
    private static final int FEWEST = 1;
    private static final int CONNECTIONS = 8;
    private static final double NANOS_PER_MICRO = 1000;

    private final Effort effort;
    private final Load load = Load.available();
    private final Samples samples = new Samples();
    /** What a container with the fewest bundles keeps, round by round. */
    private final List<Memory> fewest = new ArrayList<>();

    /**
     * Makes it.
     *
     * @param effort how long to measure
     */
    public GrowthRun(Effort effort) {
        this.effort = effort;
    }

    /**
     * Runs it.
     *
     * @param clock tells when it was over
     * @return what was measured
     */
    public Results run(Clock clock) throws Exception {
        Path work = Files.createDirectories(Path.of("target", "growth").toAbsolutePath());
        Map<Integer, Grown> sizes = new TreeMap<>();
        for (int bundles : effort.isFull() ? List.of(FEWEST, 10, 100, 1000) : List.of(FEWEST, 10, 100)) {
            Grown grown = Grown.filled(bundles, Files.createTempDirectory(work, bundles + "-"));
            sizes.put(bundles, grown);
            Grown.Started first = grown.start();
            first.sluice().process().close();
            add(bundles, "first start", "ms", first.millis());
        }
        for (int round = 0; round < effort.rounds(); round++) {
            System.out.println("round " + (round + 1) + " of " + effort.rounds());
            for (Map.Entry<Integer, Grown> size : sizes.entrySet()) {
                measure(size.getKey(), size.getValue(), round);
            }
        }
        return new Results(
                PANEL,
                clock.instant().toString(),
                effort.name(),
                Machine.here(),
                ShippedJar.sha256(),
                List.of(
                        "So many bundles with one middleware each, of which five (or all, if there are fewer) match the request; JVM"
                                + " flags `" + Grown.flags()
                                + "`. In each of " + effort.rounds()
                                + " rounds each number of bundles has its turn, in a JVM of its own.",
                        "Load for the time in the server: " + load.described() + ", " + CONNECTIONS + " connections; "
                                + effort.warmUp().toSeconds() + " s to warm up, and "
                                + effort.turn().toSeconds() + " s that count.",
                        "First start: a new home, whose deploy folder is full. Restart: what was published is brought back. Both from"
                                + " the start of the process to the first 200. Deploy latency: from the complete file to the first answer of the"
                                + " new version, which is the first one that this JVM deploys; under load it is measured beside others."
                                + " Memory: in use after a collection (`jcmd`, `jstat`)."),
                List.of("the publish alone: it is measured inside, with 10, 100 and 1,000 units"),
                List.of(new Panel(
                        PANEL,
                        "With so many bundles",
                        "bundles",
                        SUBJECT,
                        false,
                        "A request's cost is to follow what matches, not what is installed.")),
                samples.series());
    }

    private void measure(int bundles, Grown grown, int round) throws Exception {
        Grown.Started again = grown.start();
        try (ServerProcess process = again.sluice().process()) {
            add(bundles, "restart", "ms", again.millis());
            load.run(process.at(Grown.PATH), CONNECTIONS, effort.warmUp());
            timing(process);
            load.run(process.at(Grown.PATH), CONNECTIONS, effort.turn());
            add(bundles, "median in the server", "µs", timing(process) / NANOS_PER_MICRO);
            add(bundles, "deploy latency", "ms", grown.deploy(again.sluice(), "1." + (round + 1) + ".0"));
            Memory memory = Memory.of(process.pid());
            add(bundles, "heap", "KiB", memory.heap());
            add(bundles, "metaspace", "KiB", memory.metaspace());
            if (bundles == FEWEST) {
                fewest.add(memory);
            } else {
                Memory each = memory.forEach(bundles - FEWEST, fewest.get(round));
                add(bundles, "heap for each bundle beyond the first", "KiB", each.heap());
                add(bundles, "metaspace for each bundle beyond the first", "KiB", each.metaspace());
            }
        }
    }

    private static long timing(ServerProcess process) throws InterruptedException {
        String body = process.get(process.at(Timing.PATH)).body();
        return JsonParser.parseString(body).getAsJsonObject().get("p50").getAsLong();
    }

    private void add(int bundles, String metric, String unit, double sample) {
        samples.add(PANEL, SUBJECT, bundles, metric, unit, sample);
    }
}
