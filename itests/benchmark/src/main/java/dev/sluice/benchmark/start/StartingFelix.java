package dev.sluice.benchmark.start;

import dev.sluice.benchmark.bundle.BundleJar;
import dev.sluice.benchmark.outside.ClassPath;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.outside.ShippedJar;
import dev.sluice.benchmark.server.FelixServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Felix HTTP alone, with a bundle that answers: what the platform takes that Sluice is built on.
 *
 * @param jdk what it runs on
 * @param jar the peer's own classes
 */
record StartingFelix(Jdk jdk, Path jar) implements Starting {

    static String described() {
        return "Felix HTTP: the framework and the bundles of Felix HTTP that Sluice ships ("
                + ShippedJar.version("org.apache.felix.http.jetty12")
                + "), by a `main` of its own, without a component runtime, configuration or a log file.";
    }

    @Override
    public String name() {
        return "Felix HTTP";
    }

    @Override
    public boolean hasClassData() {
        return false;
    }

    @Override
    public Begun begin(Path work, List<String> flags) throws IOException {
        Path bundles = work.resolve("bundles");
        if (!Files.isDirectory(bundles)) {
            ShippedJar.extractHttp(bundles);
            new BundleJar("benchmark.endpoint", "1.0.0").endpoint(bundles.resolve("50-endpoint.jar"), "");
        }
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(flags);
        String classPath = jar + File.pathSeparator + ClassPath.jars("org.apache.felix.framework");
        command.addAll(List.of("-classpath", classPath, FelixServer.class.getName()));
        command.addAll(List.of(
                String.valueOf(port), bundles.toString(), work.resolve("cache").toString()));
        return new Begun(new ServerProcess(command, port, work.resolve("log")), Optional.empty());
    }
}
