package dev.sluice.listener;

import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Puts up a {@link Gate} on each listener, once for the life of the framework. Also on listeners that somebody else
 * configures: no chain runs there, so nothing is let through.
 *
 * <p>The gate is registered in the name of the system bundle, which nobody can stop while requests are served. So it stays
 * when this bundle is stopped, updated or uninstalled; an update of its code takes effect at the next start of the
 * container. That is the price for a check with no moment without it.
 */
@Component(service = GateKeeper.class, immediate = true, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class GateKeeper {

    private static final String GATE = "dev.sluice.gate";
    private static final String CLOSES = "dev.sluice.closes";

    /** Chooses the {@code Runnable} service that closes the data listener's connections. */
    static final String CLOSES_DATA = "(" + CLOSES + "=" + Listeners.DATA + ")";

    /**
     * Registers the gates if they aren't registered yet.
     *
     * @param context this bundle's context
     */
    @Activate
    public GateKeeper(BundleContext context) throws InvalidSyntaxException {
        BundleContext system =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        if (system.getAllServiceReferences(Preprocessor.class.getName(), "(" + GATE + "=true)") != null) {
            return;
        }
        DataConnections connections = new DataConnections();
        Hashtable<String, Object> onData = gate();
        onData.put(
                HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, "(org.apache.felix.http.name=" + Listeners.DATA + ")");
        Gate data = new Gate(handler -> {
            connections.accept(handler.getServer());
            AsSent.letThrough(handler);
        });
        system.registerService(Preprocessor.class, data, onData);
        system.registerService(Preprocessor.class, new Gate(handler -> {}), gate());
        system.registerService(Runnable.class, connections, new Hashtable<>(Map.of(CLOSES, Listeners.DATA)));
    }

    private static Hashtable<String, Object> gate() {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(GATE, true);
        // The lowest of all: Preprocessors run from the highest ranking to the lowest, so nothing comes after it.
        properties.put(Constants.SERVICE_RANKING, Integer.MIN_VALUE);
        return properties;
    }
}
