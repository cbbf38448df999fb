package dev.sluice.deployer.deployed;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/**
 * Artifacts that failed for a reason outside of them, and what they wait for. Safe for any thread: services and
 * configurations come on theirs.
 */
public final class Awaited implements AutoCloseable {

    private record Waiter(Artifact artifact, Failure failure, Optional<ServiceListener> listener) {}

    private final BundleContext context;
    private final Consumer<String> retry;
    private final Map<String, Waiter> byFile = new HashMap<>();

    /** @param retry takes the file that is to be tried again, on any thread */
    public Awaited(BundleContext context, Consumer<String> retry) {
        this.context = context;
        this.retry = retry;
    }

    /**
     * An artifact has failed.
     *
     * @return whether that is news: it didn't wait already, as it has failed before in the same way
     */
    public synchronized boolean put(Artifact artifact, Failure failure) {
        Waiter before = byFile.get(artifact.file());
        remove(artifact.file());
        Optional<ServiceListener> listener = failure.waits() instanceof Waits.ForService service
                ? Optional.of(listen(artifact.file(), service.type()))
                : Optional.empty();
        if (!(failure.waits() instanceof Waits.ForContent)) {
            byFile.put(artifact.file(), new Waiter(artifact, failure, listener));
        }
        return before == null
                || !before.artifact().equals(artifact)
                || !before.failure().equals(failure);
    }

    private ServiceListener listen(String file, String type) {
        ServiceListener listener = event -> {
            if (event.getType() == ServiceEvent.REGISTERED) {
                retry.accept(file);
            }
        };
        try {
            context.addServiceListener(
                    listener,
                    FrameworkUtil.createFilter("(" + Constants.OBJECTCLASS + "=" + type + ")")
                            .toString());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a service's type is a class name, not " + type, e);
        }
        return listener;
    }

    /** The file has other content, or has gone. */
    public synchronized void remove(String file) {
        Waiter waiter = byFile.remove(file);
        if (waiter != null) {
            waiter.listener().ifPresent(context::removeServiceListener);
        }
    }

    /** A configuration has been written. */
    public void configured(String pid) {
        retry(waits -> waits instanceof Waits.ForConfiguration configuration
                && configuration.pid().equals(pid));
    }

    /** A rollout is over. */
    public void rolledOut() {
        retry(Waits.ForRollout.class::isInstance);
    }

    private void retry(Predicate<Waits> waitsForThis) {
        List<String> files;
        synchronized (this) {
            files = byFile.values().stream()
                    .filter(waiter -> waitsForThis.test(waiter.failure().waits()))
                    .map(waiter -> waiter.artifact().file())
                    .toList();
        }
        files.forEach(retry);
    }

    /** {@return the artifacts that bundles which come or go may help} */
    public synchronized List<Artifact> ofBundles() {
        return of(Waits.ForBundles.class);
    }

    /** {@return the artifacts that room on the disk may help} */
    public synchronized List<Artifact> ofDisk() {
        return of(Waits.ForDisk.class);
    }

    /** {@return the artifacts that fewer leaked versions may help} */
    public synchronized List<Artifact> ofUnloads() {
        return of(Waits.ForUnloads.class);
    }

    /** {@return whether an artifact waits, and has failed for just that reason} */
    public synchronized boolean isAwaiting(Artifact artifact, Failure failure) {
        Waiter waiter = byFile.get(artifact.file());
        return waiter != null
                && waiter.artifact().equals(artifact)
                && waiter.failure().equals(failure);
    }

    private List<Artifact> of(Class<? extends Waits> kind) {
        return byFile.values().stream()
                .filter(waiter -> kind.isInstance(waiter.failure().waits()))
                .map(Waiter::artifact)
                .toList();
    }

    /** {@return all artifacts that wait for something} */
    public synchronized List<Artifact> all() {
        return byFile.values().stream().map(Waiter::artifact).toList();
    }

    @Override
    public synchronized void close() {
        List.copyOf(byFile.keySet()).forEach(this::remove);
    }
}
