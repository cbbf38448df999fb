package dev.sluice.benchmark.server;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.HostConfig;
import org.apache.catalina.startup.Tomcat;

/** Tomcat that deploys what it finds in a folder, as the one in its archive does. */
public final class TomcatHost {

    private TomcatHost() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments the port, and its base folder, with the applications in {@code webapps}
     */
    public static void main(String[] arguments) throws Exception {
        Tomcat tomcat = new Tomcat();
        Path base = Files.createDirectories(Path.of(arguments[1]));
        tomcat.setBaseDir(base.toString());
        Connector connector = new Connector();
        connector.setPort(Integer.parseInt(arguments[0]));
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxKeepAliveRequests", "-1");
        tomcat.setConnector(connector);
        // It looks for changes so often, in seconds: each ten by default.
        tomcat.getEngine().setBackgroundProcessorDelay(1);
        StandardHost host = (StandardHost) tomcat.getHost();
        host.setAppBase(Files.createDirectories(base.resolve("webapps")).toString());
        host.setAutoDeploy(true);
        host.setUndeployOldVersions(true);
        host.addLifecycleListener(new HostConfig());
        tomcat.start();
        tomcat.getServer().await();
    }
}
