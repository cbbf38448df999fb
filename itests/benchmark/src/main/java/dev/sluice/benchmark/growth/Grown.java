package dev.sluice.benchmark.growth;

import dev.sluice.benchmark.bundle.BundleJar;
import dev.sluice.benchmark.bundle.Does;
import dev.sluice.benchmark.load.Arrival;
import dev.sluice.benchmark.outside.Sluice;
import dev.sluice.benchmark.outside.SluiceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A home with so many bundles, of which five at the most match a request. */
final class Grown {

    static final String PATH = "/hello";

    private static final int MATCHING = 5;
    private static final List<String> FLAGS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");
    private static final double NANOS_PER_MILLI = 1e6;

    private final SluiceHome home;
    private final Path work;
    private final int bundles;

    private Grown(SluiceHome home, Path work, int bundles) {
        this.home = home;
        this.work = work;
        this.bundles = bundles;
    }

    static String flags() {
        return String.join(" ", FLAGS);
    }

    /** {@return it, its files written; nothing runs yet} */
    static Grown filled(int bundles, Path work) throws IOException {
        Grown grown = new Grown(new SluiceHome(work.resolve("home")), work, bundles);
        grown.home.configure("dev.sluice.rollout-at-once", "middleware=*", "bake=0s");
        grown.home.deployServlet();
        grown.put("1.0.0");
        for (int i = 1; i < bundles; i++) {
            String name = "pass-" + i;
            new BundleJar("benchmark." + name, "1.0.0")
                    .middleware(
                            grown.home.deploy(name + ".jar"),
                            Does.PASS,
                            0,
                            i < MATCHING ? "/*" : "/other/" + i + "/*",
                            name);
        }
        return grown;
    }

    /** Puts a version of the first of them into the folder. */
    private void put(String version) throws IOException {
        Path beside = work.resolve("first.tmp");
        new BundleJar("benchmark.first", version).middleware(beside, Does.STAMP, 0, "/*", "First");
        Files.move(beside, home.deploy("first.jar"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** {@return it, started, with all of them serving} */
    Started start() throws Exception {
        Sluice sluice = Sluice.startTimed(home, work, FLAGS);
        try {
            sluice.process().awaitStatus(PATH, 200);
            double millis = (System.nanoTime() - sluice.process().started()) / NANOS_PER_MILLI;
            sluice.awaitServing(bundles);
            return new Started(sluice, millis);
        } catch (Exception e) {
            sluice.process().close();
            throw e;
        }
    }

    /**
     * It, running.
     *
     * @param sluice the process
     * @param millis how long it took to the first answer
     */
    record Started(Sluice sluice, double millis) {}

    /** {@return milliseconds from the complete file to the first answer of that version} */
    double deploy(Sluice sluice, String version) throws Exception {
        try (Arrival arrival = Arrival.at(sluice.process().at(PATH))) {
            return arrival.millis(version, () -> put(version));
        }
    }
}
