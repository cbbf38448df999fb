package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.bundle.BundleJar;
import dev.sluice.benchmark.bundle.Does;
import dev.sluice.benchmark.server.FelixServer;
import java.nio.file.Path;

/** Felix HTTP as it is in Sluice's JAR, with one whiteboard filter for each middleware. */
final class FelixPeer implements Peer {

    @Override
    public String name() {
        return "Felix HTTP";
    }

    @Override
    public String described() {
        return "Felix HTTP of the same bundles that Sluice ships ("
                + ShippedJar.version("org.apache.felix.http.jetty12")
                + "), each middleware a bundle with one whiteboard filter.";
    }

    @Override
    public Running start(int middleware, Path work) throws Exception {
        Path bundles = work.resolve("bundles");
        ShippedJar.extractHttp(bundles);
        new BundleJar("benchmark.endpoint", "1.0.0").endpoint(bundles.resolve("50-endpoint.jar"), "");
        for (int i = 0; i < middleware; i++) {
            String name = "pass-" + i;
            new BundleJar("benchmark." + name, "1.0.0")
                    .filters(bundles.resolve("60-" + name + ".jar"), Does.PASS, -i, "/*", name);
        }
        int port = ServerProcess.freePort();
        return new Running(new ServerProcess(
                        ServerProcess.java(
                                ServerProcess.FLAGS,
                                ClassPath.with("org.apache.felix.framework"),
                                FelixServer.class.getName(),
                                String.valueOf(port),
                                bundles.toString(),
                                work.resolve("cache").toString()),
                        port,
                        work.resolve("log"))
                .awaitAnswer("/hello"));
    }
}
