package dev.sluice.benchmark.bundle;

import dev.sluice.benchmark.server.Answer;
import dev.sluice.benchmark.server.Timing;
import jakarta.servlet.Servlet;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/** Registers the servlet that answers, and, before everything else, what takes the time around the chain. */
public final class EndpointActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        String target = context.getBundle().getHeaders().get("Benchmark-Target");
        Hashtable<String, Object> servlet = new Hashtable<>();
        servlet.put("osgi.http.whiteboard.servlet.pattern", "/*");
        servlet.put("osgi.http.whiteboard.servlet.asyncSupported", true);
        Hashtable<String, Object> timing = new Hashtable<>();
        timing.put("service.ranking", Integer.MAX_VALUE);
        if (!target.isEmpty()) {
            servlet.put("osgi.http.whiteboard.target", target);
            timing.put("osgi.http.whiteboard.target", target);
        }
        context.registerService(Servlet.class, new Answer(), servlet);
        context.registerService(Preprocessor.class, new Before(), timing);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework unregisters them.
    }

    /** Stands where the chain's own filter stands, only earlier. */
    public static final class Before extends Timing implements Preprocessor {}
}
