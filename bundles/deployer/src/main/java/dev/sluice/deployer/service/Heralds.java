package dev.sluice.deployer.service;

import dev.sluice.deployer.DeploymentObserver;
import dev.sluice.deployer.RolloutEvent;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells observers what happens. Each has a thread of its own while there is something to tell, and a queue that forgets the
 * oldest: one that hangs or throws keeps nobody waiting. Safe for any thread.
 */
final class Heralds implements ServiceTrackerCustomizer<DeploymentObserver, DeploymentObserver>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heralds.class);
    private static final int QUEUE = 100;
    private static final long IDLE_SECONDS = 5;

    private final BundleContext context;
    private final ConcurrentHashMap<DeploymentObserver, ThreadPoolExecutor> threads = new ConcurrentHashMap<>();
    private final ServiceTracker<DeploymentObserver, DeploymentObserver> tracker;

    Heralds(BundleContext context) {
        this.context = context;
        this.tracker = new ServiceTracker<>(context, DeploymentObserver.class, this);
        tracker.open();
    }

    /** Returns at once. */
    void tell(RolloutEvent event) {
        threads.forEach((observer, thread) -> thread.execute(() -> tell(observer, event)));
    }

    private static void tell(DeploymentObserver observer, RolloutEvent event) {
        try {
            observer.happened(event);
        } catch (Throwable thrown) { // Foreign code: whatever it throws is its own affair.
            LOG.warn(
                    "An observer of rollouts, {}, failed: {}",
                    observer.getClass().getName(),
                    thrown.toString());
        }
    }

    @Override
    public DeploymentObserver addingService(ServiceReference<DeploymentObserver> reference) {
        DeploymentObserver observer = context.getService(reference);
        if (observer != null) {
            threads.put(observer, thread(reference.getBundle().getSymbolicName()));
        }
        return observer;
    }

    private static ThreadPoolExecutor thread(String name) {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                task -> {
                    Thread one = new Thread(null, task, "sluice-observer-" + name, 0, false);
                    one.setDaemon(true);
                    return one;
                },
                new ThreadPoolExecutor.DiscardOldestPolicy());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    @Override
    public void modifiedService(ServiceReference<DeploymentObserver> reference, DeploymentObserver observer) {
        // What it is told doesn't depend on its properties.
    }

    @Override
    public void removedService(ServiceReference<DeploymentObserver> reference, DeploymentObserver observer) {
        ThreadPoolExecutor thread = threads.remove(observer);
        if (thread != null) {
            thread.shutdownNow();
        }
        context.ungetService(reference);
    }

    @Override
    public void close() {
        tracker.close();
    }
}
