package dev.sluice.container;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Says in the log that the container has stopped. The log itself is a bundle, and the first to start: when it's about to
 * stop, in the middle of a stop of the framework, all the others have, and it can still write one line.
 */
final class LastWord implements SynchronousBundleListener {

    private static final String LOG = "org.ops4j.pax.logging.pax-logging-logback";

    /** The logging bundle has taken java.util.logging over, and decides by its own configuration what is written. */
    private final Logger log = Logger.getLogger("dev.sluice.container");

    private volatile boolean stopping;

    private LastWord() {
        // Else the level would be the root's, which the logging bundle sets to what libraries may log.
        log.setLevel(Level.INFO);
    }

    /** Waits for the stop. */
    static void of(BundleContext framework) {
        framework.addBundleListener(new LastWord());
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() != BundleEvent.STOPPING) {
            return;
        }
        if (event.getBundle().getBundleId() == 0) {
            stopping = true;
        } else if (stopping && LOG.equals(event.getBundle().getSymbolicName())) {
            log.info("Sluice has stopped");
        }
    }
}
