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
 */
record EmbeddedPeer(String name, String described, Class<?> server, String classPath) implements Peer {

    /** Plain Jetty. */
    static Peer jetty() {
        return new EmbeddedPeer(
                "Jetty",
                "Jetty " + ClassPath.version("jetty-server")
                        + " with EE10 servlets, each middleware one of its filters.",
                JettyServer.class,
                ClassPath.with("jetty-", "jakarta.servlet-api", "slf4j-", "HdrHistogram"));
    }

    /** Embedded Tomcat. */
    static Peer tomcat() {
        return new EmbeddedPeer(
                "Tomcat",
                "Tomcat " + ClassPath.version("tomcat-embed-core")
                        + ", embedded, each middleware one of its filters; it keeps connections as long as Jetty does.",
                TomcatServer.class,
                ClassPath.with("tomcat-", "HdrHistogram"));
    }

    @Override
    public ServerProcess start(int middleware, Path work) throws Exception {
        int port = ServerProcess.freePort();
        return new ServerProcess(
                        ServerProcess.java(
                                ServerProcess.FLAGS,
                                classPath,
                                server.getName(),
                                String.valueOf(port),
                                String.valueOf(middleware),
                                work.resolve("server").toString()),
                        port,
                        work.resolve("log"))
                .awaitAnswer("/hello");
    }
}
