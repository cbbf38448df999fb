package dev.sluice.benchmark.bundle;

import dev.sluice.benchmark.server.Answer;
import jakarta.servlet.Servlet;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the servlet that answers, and what takes the time, if that is in the same bundle. */
public final class EndpointActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        String target = context.getBundle().getHeaders().get("Benchmark-Target");
        Hashtable<String, Object> servlet = new Hashtable<>();
        servlet.put("osgi.http.whiteboard.servlet.pattern", "/*");
        servlet.put("osgi.http.whiteboard.servlet.asyncSupported", true);
        if (!target.isEmpty()) {
            servlet.put("osgi.http.whiteboard.target", target);
        }
        context.registerService(Servlet.class, new Answer(), servlet);
        if (Boolean.parseBoolean(context.getBundle().getHeaders().get("Benchmark-Timed"))) {
            new TimingActivator().start(context);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // The framework unregisters them.
    }
}
