package dev.sluice.benchmark.change;

import dev.sluice.benchmark.bundle.BundleJar;
import dev.sluice.benchmark.bundle.Does;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.outside.Sluice;
import dev.sluice.benchmark.outside.SluiceHome;
import java.nio.file.Path;

/** The shipped JAR: a file in the deploy folder is replaced. */
final class ChangingSluice implements Changing {

    @Override
    public String name() {
        return "Sluice";
    }

    @Override
    public String described() {
        return "Sluice: the bundle's file in the deploy folder is replaced. A policy without a bake (`bake=0s`), as otherwise a version"
                + " is kept for 30 s in which the next one waits.";
    }

    @Override
    public Running start(String version, boolean denies, Path work) throws Exception {
        SluiceHome home = new SluiceHome(work.resolve("home"));
        home.configure("dev.sluice.rollout-at-once", "middleware=*", "bake=0s");
        home.deployEndpoint();
        Path file = home.deploy("filters.jar");
        Change change = to -> Replaced.with(file, beside -> new BundleJar("benchmark.filters", to)
                .middleware(beside, denies ? Does.DENY : Does.STAMP, 10, "/*", "First", "Last"));
        change.to(version);
        Sluice sluice = Sluice.start(home, work, ServerProcess.FLAGS);
        sluice.awaitServing(2);
        sluice.process().awaitStatus("/hello", Changing.status(denies));
        return new Running(sluice.process(), change);
    }
}
