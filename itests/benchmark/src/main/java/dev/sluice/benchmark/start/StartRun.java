package dev.sluice.benchmark.start;

import dev.sluice.benchmark.Effort;
import dev.sluice.benchmark.outside.Samples;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.outside.ShippedJar;
import dev.sluice.benchmark.results.Machine;
import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The start beside plain Jetty's, on each JDK, with and without class data: each has its turn in each round. */
public final class StartRun {

    private static final String PLAIN = "start";
    private static final String WITH_CLASS_DATA = "start-class-data";
    /** A start is short. */
    private static final int FULL_ROUNDS = 15;

    private final Effort effort;
    private final String otherJava;
    private final Samples samples = new Samples();
    private final List<String> method = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    /**
     * Makes it.
     *
     * @param effort how long to measure
     * @param otherJava further java commands than that which runs this, separated by commas
     */
    public StartRun(Effort effort, String otherJava) {
        this.effort = effort;
        this.otherJava = otherJava;
    }

    /**
     * Runs it.
     *
     * @param clock tells when it was over
     * @return what was measured
     */
    public Results run(Clock clock) throws Exception {
        Path work = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "start").toAbsolutePath()), "run");
        Jdks jdks = Jdks.of(Path.of(System.getProperty("java.home"), "bin", "java"), otherJava);
        int rounds = effort.isFull() ? FULL_ROUNDS : effort.rounds();
        describe(jdks, rounds);
        leftOut.addAll(jdks.leftOut());
        leftOut.add("Karaf: with a shell, features and JMX it starts for other purposes than an answer over HTTP");
        leftOut.add("Spring Boot: its start is that of the application's beans");
        Path jar = OwnJar.write(work.resolve("benchmark.jar"));
        Distribution distribution = Distribution.unpack(work.resolve("distribution"));
        for (Jdk jdk : jdks.present()) {
            measure(jdk, present(jdk, jar, distribution, work), work, rounds);
        }
        return new Results(
                "start",
                clock.instant().toString(),
                effort.name(),
                Machine.here(),
                ShippedJar.sha256(),
                method,
                leftOut,
                panels(),
                samples.series());
    }

    private void describe(Jdks jdks, int rounds) {
        method.add(
                "Each start is a process of its own, that is asked every 2 ms until it answers `/hello` with 200, from memory, over"
                        + " loopback; then it is ended in good order, and the next one starts. One start of each that doesn't count, then "
                        + rounds
                        + " rounds in which each has its turn. × is the median of the ratios within each round.");
        method.add("JDK "
                + String.join(" and ", jdks.present().stream().map(Jdk::version).toList())
                + "; JVM flags of each: `" + String.join(" ", ServerProcess.FLAGS) + "`.");
        method.add(
                "Processor time is that of the process until then, in steps of 10 ms, with what `bin/sluice` itself takes.");
        method.add(StartingJetty.described());
        method.add(StartingFelix.described());
        method.add(
                "Sluice: the JAR that ships, its chain empty, and a bundle in its deploy folder with a servlet and what takes the time, as in Jetty; by `java -jar`, and with"
                        + " class data by `bin/sluice` of the distribution, after `bin/sluice --prepare`. Its home was used before, so what was"
                        + " published is brought back; `new home` deploys the bundle, too, which waits until its file has settled.");
    }

    private static List<Panel> panels() {
        String ready = " **ready** is `/health/ready` with 200, asked for only after the first 200.";
        return List.of(
                new Panel(
                        PLAIN,
                        "From the start of the process to the first answer",
                        "JDK",
                        "Jetty",
                        true,
                        "Without class data: `java -jar`." + ready),
                new Panel(
                        WITH_CLASS_DATA,
                        "The same with class data",
                        "JDK",
                        "Jetty",
                        true,
                        "`Jetty` has class data, too; `Jetty without` is that of the table above, in the same rounds."
                                + ready));
    }

    private List<Starting> present(Jdk jdk, Path jar, Distribution distribution, Path work) throws Exception {
        Path folder = Files.createDirectory(work.resolve("data-" + jdk.feature()));
        System.out.println("JDK " + jdk.version() + ": class data");
        StartingJetty jetty = new StartingJetty(jdk, jar, Optional.empty());
        StartingJetty withData = jetty.withClassData(folder.resolve("jetty.data"), work.resolve("training"));
        Path data = folder.resolve("sluice");
        distribution.prepare(jdk, data, folder.resolve("log"));
        Optional<StartingSluice.ByScript> byScript = Optional.of(new StartingSluice.ByScript(distribution, data));
        return List.of(
                jetty,
                new StartingFelix(jdk, jar),
                new StartingSluice(jdk, false, Optional.empty()),
                withData,
                new StartingSluice(jdk, false, byScript),
                new StartingSluice(jdk, true, Optional.empty()),
                new StartingSluice(jdk, true, byScript));
    }

    private void measure(Jdk jdk, List<Starting> all, Path work, int rounds) throws Exception {
        List<String> counts = new ArrayList<>();
        for (Starting one : all) {
            warmUp(one, folder(jdk, one, work)).ifPresent(counts::add);
        }
        method.add("From class data came, on JDK " + jdk.version() + ", " + String.join(", ", counts)
                + " (classes of Sluice, Felix and Jetty).");
        List<Starting> order = new ArrayList<>(all);
        for (int round = 0; round < rounds; round++) {
            for (Starting one : order) {
                turn(jdk, one, folder(jdk, one, work));
            }
            Collections.rotate(order, 1);
        }
    }

    private static Path folder(Jdk jdk, Starting one, Path work) {
        String name = one.name().replaceAll("\\W+", "-") + (one.hasClassData() ? "-data" : "");
        return work.resolve(jdk.feature() + "-" + name);
    }

    private static Optional<String> warmUp(Starting one, Path folder) throws Exception {
        Path log = folder.resolve("classes");
        List<String> flags = new ArrayList<>(ServerProcess.FLAGS);
        if (one.hasClassData()) {
            flags.add(FromClassData.option(log));
        }
        Starting.Begun begun = one.begin(folder, flags);
        try (ServerProcess process = begun.process()) {
            FirstAnswer.await(process, process.at("/hello"));
        }
        if (!one.hasClassData()) {
            return Optional.empty();
        }
        FromClassData from = FromClassData.of(log);
        return Optional.of("for " + one.name() + " " + from.taken() + " of " + from.all());
    }

    private void turn(Jdk jdk, Starting one, Path folder) throws Exception {
        Starting.Begun begun = one.begin(folder, ServerProcess.FLAGS);
        try (ServerProcess process = begun.process()) {
            double first = FirstAnswer.await(process, process.at("/hello"));
            Optional<Double> processor = ProcessorTime.millis(process.pid());
            add(jdk, one, "first 200", first);
            processor.ifPresent(millis -> add(jdk, one, "processor time", millis));
            if (begun.ready().isPresent()) {
                add(jdk, one, "ready", FirstAnswer.await(process, begun.ready().get()));
            }
            System.out.printf(
                    "JDK %d %s%s: %.0f ms%n",
                    jdk.feature(), one.name(), one.hasClassData() ? " with class data" : "", first);
        }
    }

    private void add(Jdk jdk, Starting one, String metric, double millis) {
        samples.add(one.hasClassData() ? WITH_CLASS_DATA : PLAIN, one.name(), jdk.feature(), metric, "ms", millis);
        if (!one.hasClassData() && one instanceof StartingJetty) {
            samples.add(WITH_CLASS_DATA, "Jetty without", jdk.feature(), metric, "ms", millis);
        }
    }
}
