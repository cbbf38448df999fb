package dev.sluice.benchmark.bundle;

import dev.sluice.benchmark.server.Timing;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Registers what takes the time, before all else. The chain has the highest ranking, too: of two with the same the one that was
 * registered first is before the other, so it must be there before the chain is.
 */
public final class TimingActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("service.ranking", Integer.MAX_VALUE);
        String target = context.getBundle().getHeaders().get("Benchmark-Target");
        if (!target.isEmpty()) {
            properties.put("osgi.http.whiteboard.target", target);
        }
        context.registerService(Preprocessor.class, new Before(), properties);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework unregisters it.
    }

    /** Stands where the chain's own filter stands, only earlier. */
    public static final class Before extends Timing implements Preprocessor {}
}
