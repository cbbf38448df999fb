package dev.sluice.deployer.leaving;

import dev.sluice.deployer.explain.Thrown;
import dev.sluice.unload.Departure;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops and uninstalls bundles, on threads of its own: a stop runs the bundle's code, which may hang, and must keep nobody
 * else waiting. Keeps no bundle, only ids.
 */
public final class Disposal {

    private static final Logger LOG = LoggerFactory.getLogger(Disposal.class);

    /**
     * The framework has one lock for all bundles, and wakes all who wait for it each time: hundreds that stop bundles at
     * once take minutes, a few after one another a second.
     */
    private static final int AT_ONCE = 4;

    /** So many that hang may hold the others up for so long, and no longer. */
    private static final long PATIENCE_SECONDS = 5;

    private final BundleContext context;
    private final Witness witness;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final AtomicInteger number = new AtomicInteger();

    /** @param witness is told of each before it is stopped */
    public Disposal(BundleContext context, Witness witness) {
        this.context = context;
        this.witness = witness;
    }

    /** Runs something that may run a bundle's code. */
    public void execute(Runnable task) {
        Runnable contained = () -> {
            try {
                task.run();
            } catch (RuntimeException | LinkageError e) {
                LOG.error("A release failed: {}", Thrown.trace(e));
            }
        };
        // A thread for each, and none from a pool: one that hangs blocks no other, and what a bundle leaves in a
        // thread-local
        // goes with the thread. It inherits none either.
        Thread thread = new Thread(null, contained, "sluice-release-" + number.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    private Bundle find(long bundleId) {
        try {
            return context.getBundle(bundleId);
        } catch (IllegalStateException e) {
            // The framework has stopped, and every bundle with it.
            return null;
        }
    }

    /**
     * Stops and uninstalls a bundle on the calling thread. A bundle that throws when it is stopped is uninstalled too.
     *
     * @param departure what it was deployed as
     */
    public void uninstall(long bundleId, Departure departure) {
        Bundle bundle = find(bundleId);
        if (bundle == null || bundle.getState() == Bundle.UNINSTALLED) {
            return;
        }
        boolean inTurn = awaitTurn();
        try {
            witness.leaving(bundleId, departure);
            stopAndUninstall(bundle);
        } finally {
            if (inTurn) {
                turns.release();
            }
        }
    }

    private boolean awaitTurn() {
        try {
            return turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // The end of a trial that was given up: what it leaves must go all the same.
            return false;
        }
    }

    private static void stopAndUninstall(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} threw when it was stopped: {}", bundle, Thrown.sentence(e));
        }
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} could not be uninstalled: {}", bundle, Thrown.sentence(e));
        }
    }
}
