package dev.sluice.benchmark.server;

import dev.sluice.benchmark.bundle.OwnLoader;
import dev.sluice.benchmark.bundle.PassingFilter;
import jakarta.servlet.Filter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Embedded Tomcat with its own filters. */
public final class TomcatServer {

    private TomcatServer() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments the port, how many filters, and a folder to work in
     */
    public static void main(String[] arguments) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createDirectories(Path.of(arguments[2])).toString());
        Connector connector = new Connector();
        connector.setPort(Integer.parseInt(arguments[0]));
        connector.setProperty("address", "127.0.0.1");
        // Jetty closes no connection after so many requests; Tomcat does after 100 unless told otherwise.
        connector.setProperty("maxKeepAliveRequests", "-1");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        add(context, "timing", new Timing());
        List<Filter> filters = OwnLoader.instances(Filter.class, PassingFilter.class, Integer.parseInt(arguments[1]));
        for (int i = 0; i < filters.size(); i++) {
            add(context, "pass-" + i, filters.get(i));
        }
        Tomcat.addServlet(context, "answer", new Answer()).setAsyncSupported(true);
        context.addServletMappingDecoded("/*", "answer");
        tomcat.start();
        tomcat.getServer().await();
    }

    private static void add(Context context, String name, Filter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName(name);
        map.addURLPattern("/*");
        context.addFilterMap(map);
    }
}
