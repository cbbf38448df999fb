package dev.sluice.benchmark.server;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;

/** Felix HTTP alone: the same bundles as in Sluice's JAR, and whiteboard filters. */
public final class FelixServer {

    private FelixServer() {}

    /**
     * Runs until its standard input ends. Each line there is a file, with which the last bundle is updated in place.
     *
     * @param arguments the port, a folder with the bundles to start in the order of their names, and a folder to work in; then
     *     properties of the framework, as {@code key=value}
     */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put("org.osgi.framework.storage", arguments[2]);
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put("org.osgi.service.http.port", arguments[0]);
        properties.put("org.apache.felix.http.host", "127.0.0.1");
        // As the container has it.
        properties.put("org.apache.felix.jetty.gziphandler.enable", "false");
        properties.put("org.apache.felix.http.jetty.sendServerHeader", "false");
        properties.put("felix.service.urlhandlers", "false");
        // Else each request is logged, at DEBUG.
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
        for (String property : List.of(arguments).subList(3, arguments.length)) {
            int equals = property.indexOf('=');
            properties.put(property.substring(0, equals), property.substring(equals + 1));
        }
        Framework framework = new FrameworkFactory().newFramework(properties);
        framework.start();
        List<Bundle> installed = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(arguments[1]))) {
            for (Path file : files.sorted().toList()) {
                installed.add(
                        framework.getBundleContext().installBundle(file.toUri().toString()));
            }
        }
        for (Bundle bundle : installed) {
            bundle.start();
        }
        updates(framework, installed);
    }

    /** Until whoever started this process is gone. */
    private static void updates(Framework framework, List<Bundle> installed) throws Exception {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) {
                try (InputStream content = Files.newInputStream(Path.of(line))) {
                    installed.get(installed.size() - 1).update(content);
                }
            }
        }
        framework.stop();
        framework.waitForStop(0);
    }
}
