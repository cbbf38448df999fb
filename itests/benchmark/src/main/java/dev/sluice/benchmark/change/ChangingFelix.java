package dev.sluice.benchmark.change;

import dev.sluice.benchmark.bundle.BundleJar;
import dev.sluice.benchmark.bundle.Does;
import dev.sluice.benchmark.outside.ClassPath;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.outside.ShippedJar;
import dev.sluice.benchmark.server.FelixServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Felix HTTP: whiteboard filters, in a bundle that is updated in place, or by File Install. */
final class ChangingFelix implements Changing {

    private final boolean byFileInstall;

    ChangingFelix(boolean byFileInstall) {
        this.byFileInstall = byFileInstall;
    }

    @Override
    public String name() {
        return byFileInstall ? "Felix File Install" : "Felix update";
    }

    @Override
    public String described() {
        return byFileInstall
                ? "Felix File Install (" + ShippedJar.version("org.apache.felix.fileinstall")
                        + "): the file in its folder is replaced; it looks each 100 ms, rather than each 2 s as it does by default."
                : "Felix HTTP (" + ShippedJar.version("org.apache.felix.http.jetty12")
                        + "): `Bundle.update` of a bundle with two whiteboard filters.";
    }

    @Override
    public Running start(String version, boolean denies, Path work) throws Exception {
        Path bundles = work.resolve("bundles");
        ShippedJar.extractHttp(bundles);
        new BundleJar("benchmark.endpoint", "1.0.0").endpoint(bundles.resolve("50-endpoint.jar"), "");
        Path watched = Files.createDirectories(work.resolve("watched")).resolve("filters.jar");
        Path file = byFileInstall ? watched : bundles.resolve("60-filters.jar");
        write(file, version, denies);
        if (byFileInstall) {
            ShippedJar.extract("org.apache.felix.fileinstall", bundles.resolve("70-fileinstall.jar"));
        }
        int port = ServerProcess.freePort();
        List<String> arguments = new ArrayList<>(List.of(
                String.valueOf(port), bundles.toString(), work.resolve("cache").toString()));
        arguments.add("felix.fileinstall.dir=" + watched.getParent());
        arguments.add("felix.fileinstall.poll=100");
        arguments.add("felix.fileinstall.noInitialDelay=true");
        ServerProcess process = new ServerProcess(
                ServerProcess.java(
                        ServerProcess.FLAGS,
                        ClassPath.with("org.apache.felix.framework"),
                        FelixServer.class.getName(),
                        arguments.toArray(String[]::new)),
                port,
                work.resolve("log"));
        process.awaitStatus("/hello", Changing.status(denies));
        return new Running(
                process,
                byFileInstall
                        ? to -> write(file, to, denies)
                        : to -> {
                            Path next = work.resolve("next.jar");
                            write(next, to, denies);
                            process.tell(next.toString());
                        });
    }

    private static void write(Path file, String version, boolean denies) throws IOException {
        Replaced.with(file, beside -> new BundleJar("benchmark.filters", version)
                .filters(beside, denies ? Does.DENY : Does.STAMP, 10, "/*", "First", "Last"));
    }
}
