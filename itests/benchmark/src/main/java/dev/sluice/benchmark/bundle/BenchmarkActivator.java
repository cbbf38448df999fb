package dev.sluice.benchmark.bundle;

import dev.sluice.middleware.Middleware;
import jakarta.servlet.Filter;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Registers what the manifest says: {@code Benchmark-Names} as middleware or whiteboard filters ({@code Benchmark-As}), on
 * {@code Benchmark-Paths}, which all do the same ({@code Benchmark-Does}).
 */
public final class BenchmarkActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        var headers = context.getBundle().getHeaders();
        Does does = Does.valueOf(headers.get("Benchmark-Does"));
        String[] paths = headers.get("Benchmark-Paths").split(" ");
        String version = context.getBundle().getVersion().toString();
        int ranking = Integer.parseInt(headers.get("Benchmark-Ranking"));
        for (String name : headers.get("Benchmark-Names").split(" ")) {
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put("service.ranking", ranking--);
            Stamp stamp = new Stamp("X-" + name, version, does == Does.DENY);
            if (headers.get("Benchmark-As").equals("middleware")) {
                properties.put("middleware.name", name);
                properties.put("middleware.paths", paths);
                AsMiddleware.register(context, does, stamp, properties);
            } else {
                properties.put("osgi.http.whiteboard.filter.name", name);
                properties.put("osgi.http.whiteboard.filter.pattern", paths);
                properties.put("osgi.http.whiteboard.filter.asyncSupported", true);
                AsFilter.register(context, does, stamp, properties);
            }
        }
    }

    @Override
    public void stop(BundleContext context) {
        // The framework unregisters them.
    }

    /** Apart, as the peers have no such package. */
    static final class AsMiddleware {

        private AsMiddleware() {}

        static void register(BundleContext context, Does does, Stamp stamp, Hashtable<String, Object> properties) {
            Middleware middleware = does == Does.PASS ? new PassingMiddleware() : new StampingMiddleware(stamp);
            context.registerService(Middleware.class, middleware, properties);
        }
    }

    /** Apart for the same reason. */
    static final class AsFilter {

        private AsFilter() {}

        static void register(BundleContext context, Does does, Stamp stamp, Hashtable<String, Object> properties) {
            Filter filter = does == Does.PASS ? new PassingFilter() : new StampingFilter(stamp);
            context.registerService(Filter.class, filter, properties);
        }
    }
}
