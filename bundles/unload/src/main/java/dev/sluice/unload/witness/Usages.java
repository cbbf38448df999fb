package dev.sluice.unload.witness;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the framework remembers of the services that a bundle has used. Felix 7.0.5 keeps the entry of a service that was given
 * back, so as not to race with who gets it just then, and doesn't drop it when the bundle is uninstalled either. It holds no
 * class loader, but the bundle itself with its manifest: 6 KB for every version that Declarative Services has configured.
 */
final class Usages {

    private static final Logger LOG = LoggerFactory.getLogger(Usages.class);

    private Usages() {}

    /**
     * Has the framework forget them, if all were given back. To be called when the bundle is uninstalled: it can get no service
     * any more, and to give one back that isn't remembered does nothing.
     */
    static void forget(Bundle bundle) {
        try {
            Object framework = value(bundle, "__m_felix");
            Object registry = value(framework, "m_registry");
            Map<?, ?> all = (Map<?, ?>) value(registry, "m_inUseMap");
            if (all.get(bundle) instanceof Object[] usages && areGivenBack(usages)) {
                all.remove(bundle, usages);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Another framework, or one that is closed to us: what it keeps is its own affair.
            LOG.debug("What the framework remembers of {} can't be looked at: {}", bundle, e.toString());
        }
    }

    private static boolean areGivenBack(Object[] usages) throws ReflectiveOperationException {
        for (Object usage : usages) {
            if (((AtomicLong) value(usage, "m_count")).get() > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object value(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }
}
