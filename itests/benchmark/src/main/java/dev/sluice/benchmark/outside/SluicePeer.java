package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.bundle.BundleJar;
import dev.sluice.benchmark.bundle.Does;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The shipped JAR, with a bundle for each middleware. */
final class SluicePeer implements Peer {

    private final boolean withEverything;

    /**
     * Makes it.
     *
     * @param withEverything whether a path rule stands on each second middleware, two versions of one share its requests, and
     *     another's new version is being rolled out
     */
    SluicePeer(boolean withEverything) {
        this.withEverything = withEverything;
    }

    @Override
    public String name() {
        return withEverything ? "Sluice, all on" : "Sluice";
    }

    @Override
    public String described() {
        return withEverything
                ? "`Sluice, all on`: the same with a path rule on each second middleware, a traffic rule that splits another half and"
                        + " half, and a rollout at 50 % that is being judged. The register of requests can't be switched off."
                : "Sluice, the JAR that ships with one bundle more in it, which takes the time around the chain; each middleware a bundle in its"
                        + " deploy folder.";
    }

    @Override
    public Running start(int middleware, Path work) throws Exception {
        SluiceHome home = new SluiceHome(work.resolve("home"));
        home.deployServlet();
        int plain = withEverything ? middleware - 2 : middleware;
        for (int i = 0; i < plain; i++) {
            String name = "pass-" + i;
            bundle(home.deploy(name + ".jar"), name, "1.0.0");
            if (withEverything && i % 2 == 0) {
                home.configure("dev.sluice.middleware-" + i, "name=" + name, "paths=/hello,/api/*,*.json");
            }
        }
        if (withEverything) {
            share(home);
        }
        Sluice sluice = Sluice.startTimed(home, work, ServerProcess.FLAGS);
        sluice.awaitServing(middleware);
        sluice.process().awaitAnswer("/hello");
        if (withEverything) {
            bundle(home.deploy("judged.jar"), "judged", "2.0.0");
            sluice.awaitRollout();
        }
        return new Running(
                sluice.process(), () -> sluice.isServing(middleware) && sluice.isRollingOut() == withEverything);
    }

    private static void share(SluiceHome home) throws IOException {
        bundle(home.deploy("split-1.jar"), "split", "1.0.0");
        bundle(home.deploy("split-2.jar"), "split", "2.0.0");
        home.configure("dev.sluice.traffic-split", "middleware=split", "weights=1.0.0=50, 2.0.0=50");
        bundle(home.deploy("judged.jar"), "judged", "1.0.0");
        home.configure(
                "dev.sluice.rollout-judged",
                "middleware=judged",
                "steps=50,100",
                "step.time=10h",
                "confidence=99.999999");
    }

    /** Written beside the folder first: a file that is there is complete. */
    private static void bundle(Path file, String name, String version) throws IOException {
        Path beside = Files.createTempFile(file.getParent().getParent(), name, ".tmp");
        new BundleJar("benchmark." + name, version).middleware(beside, Does.PASS, 0, "/*", name);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** {@return the peers that are measured on the outside} */
    static List<Peer> all() {
        return List.of(EmbeddedPeer.jetty(), new SluicePeer(false), new FelixPeer(), EmbeddedPeer.tomcat());
    }
}
