package dev.sluice.chain.track;

import dev.sluice.chain.ChainControl;
import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;

/** The condition by which others see that requests are admitted. Thread-safe; once taken away it isn't put up again. */
final class OpenSign {

    private final BundleContext context;

    // Guarded by this.
    private ServiceRegistration<Condition> registration;
    private boolean gone;

    OpenSign(BundleContext context) {
        this.context = context;
    }

    synchronized void putUp() {
        if (registration == null && !gone) {
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put(Condition.CONDITION_ID, ChainControl.OPEN_CONDITION);
            registration = context.registerService(Condition.class, Condition.INSTANCE, properties);
        }
    }

    /** Returns when everybody who looked at it has drawn their consequences. */
    void takeAway() {
        ServiceRegistration<Condition> last;
        synchronized (this) {
            gone = true;
            last = registration;
            registration = null;
        }
        if (last != null) {
            last.unregister();
        }
    }
}
