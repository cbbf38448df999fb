package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.server.TomcatServer;
import java.nio.file.Path;

/** Embedded Tomcat. */
final class TomcatPeer implements Peer {

    @Override
    public String name() {
        return "Tomcat";
    }

    @Override
    public String described() {
        return "Tomcat " + ClassPath.version("tomcat-embed-core")
                + ", embedded, each middleware one of its filters; it keeps connections as long as Jetty does.";
    }

    @Override
    public ServerProcess start(int middleware, Path work) throws Exception {
        int port = ServerProcess.freePort();
        return new ServerProcess(
                        ServerProcess.java(
                                ServerProcess.FLAGS,
                                ClassPath.with("tomcat-", "HdrHistogram"),
                                TomcatServer.class.getName(),
                                String.valueOf(port),
                                String.valueOf(middleware),
                                work.resolve("tomcat").toString()),
                        port,
                        work.resolve("log"))
                .awaitAnswer("/hello");
    }
}
