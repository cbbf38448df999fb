package dev.sluice.benchmark.server;

import dev.sluice.benchmark.bundle.OwnLoader;
import dev.sluice.benchmark.bundle.PassingFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with its own filters: what Sluice is built on, without it. */
public final class JettyServer {

    private JettyServer() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments the port, how many filters, and a folder to work in, which it has no use for
     */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        add(context, new Timing());
        OwnLoader.instances(Filter.class, PassingFilter.class, Integer.parseInt(arguments[1]))
                .forEach(filter -> add(context, filter));
        context.addServlet(new ServletHolder(new Answer()), "/*");
        server.setHandler(context);
        server.start();
        server.join();
    }

    private static void add(ServletContextHandler context, Filter filter) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
    }
}
