package dev.sluice.listener;

import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Puts up the {@link Gate}, once for the life of the framework.
 *
 * <p>The gate is registered in the name of the system bundle, which nobody can stop while requests are served. So it stays
 * when this bundle is stopped, updated or uninstalled; an update of its code takes effect at the next start of the
 * container. That is the price for a check with no moment without it.
 */
@Component(service = GateKeeper.class, immediate = true)
public final class GateKeeper {

    private static final String GATE = "dev.sluice.gate";

    /**
     * Registers the gate if it isn't registered yet.
     *
     * @param context this bundle's context
     */
    @Activate
    public GateKeeper(BundleContext context) throws InvalidSyntaxException {
        BundleContext system =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        ServiceReference<?>[] standing =
                system.getAllServiceReferences(Preprocessor.class.getName(), "(" + GATE + "=true)");
        if (standing != null) {
            return;
        }
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(GATE, true);
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, Listeners.BOTH);
        // The lowest of all: Preprocessors run from the highest ranking to the lowest, so nothing comes after it.
        properties.put(Constants.SERVICE_RANKING, Integer.MIN_VALUE);
        system.registerService(Preprocessor.class, new Gate(), properties);
    }
}
