package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.server.JettyServer;
import java.nio.file.Path;

/** Plain Jetty. */
final class JettyPeer implements Peer {

    @Override
    public String name() {
        return "Jetty";
    }

    @Override
    public String described() {
        return "Jetty " + ClassPath.version("jetty-server")
                + " with EE10 servlets, each middleware one of its filters.";
    }

    @Override
    public ServerProcess start(int middleware, Path work) throws Exception {
        int port = ServerProcess.freePort();
        return new ServerProcess(
                        ServerProcess.java(
                                ServerProcess.FLAGS,
                                ClassPath.with("jetty-", "jakarta.servlet-api", "slf4j-", "HdrHistogram"),
                                JettyServer.class.getName(),
                                String.valueOf(port),
                                String.valueOf(middleware)),
                        port,
                        work.resolve("log"))
                .awaitAnswer("/hello");
    }
}
