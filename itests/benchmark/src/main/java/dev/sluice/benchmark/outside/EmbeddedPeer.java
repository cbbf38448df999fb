package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.server.JettyServer;
import dev.sluice.benchmark.server.TomcatServer;
import java.nio.file.Path;

/**
 * A server with its own filters, in a JVM of its own.
 *
 * @param name its name in the report
 * @param described what it is, with its version, and how it is set up
 * @param server has the method {@code main}, which takes the port, how many filters, and a folder to work in
 * @param classPath its libraries
 * @param writesWithin whether it writes to its socket before what stands behind the time's taking returns
 */
record EmbeddedPeer(String name, String described, Class<?> server, String classPath, boolean writesWithin)
        implements Peer {

    /** Plain Jetty. */
    static Peer jetty() {
        return new EmbeddedPeer(
                "Jetty",
                "Jetty " + ClassPath.version("jetty-server")
                        + " with EE10 servlets, each middleware one of its filters.",
                JettyServer.class,
                ClassPath.with("jetty-", "jakarta.servlet-api", "slf4j-", "HdrHistogram"),
                true);
    }

    /** Embedded Tomcat. */
    static Peer tomcat() {
        return new EmbeddedPeer(
                "Tomcat",
                "Tomcat " + ClassPath.version("tomcat-embed-core")
                        + ", embedded, each middleware one of its filters; it keeps connections as long as Jetty does.",
                TomcatServer.class,
                ClassPath.with("tomcat-", "HdrHistogram"),
                false);
    }

    @Override
    public Running start(int middleware, Path work) throws Exception {
        int port = ServerProcess.freePort();
        return new Running(new ServerProcess(
                        ServerProcess.java(
                                ServerProcess.FLAGS,
                                classPath,
                                server.getName(),
                                String.valueOf(port),
                                String.valueOf(middleware),
                                work.resolve("server").toString()),
                        port,
                        work.resolve("log"))
                .awaitAnswer("/hello"));
    }
}
