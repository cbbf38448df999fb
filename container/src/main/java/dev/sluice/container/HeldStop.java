package dev.sluice.container;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * A stop of the framework that a bundle holds up: its start or stop hangs, or has called {@code System.exit}, which waits for
 * this very stop. Until it returns the bundle has its lock, for which the framework waits before it goes on to the next
 * bundle. All others can be stopped all the same, in the framework's order.
 */
final class HeldStop {

    /** For each of the others, if there is time for all of them: a second one that hangs must not cost the rest their stop. */
    private static final Duration EACH = Duration.ofSeconds(3);

    private static final int IN_BETWEEN = Bundle.STARTING | Bundle.STOPPING;

    private record Leveled(Bundle bundle, int level) {
        /** {@return a bundle that is installed at this moment} */
        static Optional<Leveled> of(Bundle bundle) {
            try {
                BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
                return Optional.of(new Leveled(bundle, level == null ? 0 : level.getStartLevel()));
            } catch (IllegalStateException e) {
                return Optional.empty(); // uninstalled just now, or the framework has stopped
            }
        }
    }

    private final Framework framework;
    private final int highestStartLevel;
    private Thread others;

    /** @param highestStartLevel the start level of what stops first, when all requests have been drained */
    HeldStop(Framework framework, int highestStartLevel) {
        this.framework = framework;
        this.highestStartLevel = highestStartLevel;
    }

    /** {@return whether the framework has come to a bundle, or will, whose start or stop has ended the process} */
    boolean isByExit() {
        List<Leveled> bundles = bundles();
        return bundles.stream().anyMatch(one -> (one.bundle().getState() & IN_BETWEEN) != 0)
                && bundles.stream()
                        .filter(one -> one.level() >= highestStartLevel)
                        .noneMatch(one -> (one.bundle().getState() & (IN_BETWEEN | Bundle.ACTIVE)) != 0)
                && ExitCall.isByLifecycle();
    }

    /** {@return the bundles that are in their start or stop now} */
    String names() {
        return bundles().stream()
                .map(Leveled::bundle)
                .filter(bundle -> (bundle.getState() & IN_BETWEEN) != 0)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                .collect(Collectors.joining(", "));
    }

    /**
     * Stops all others, once.
     *
     * @param isHanging whether those that are in their stop now are among those that hold it up; if not, they are waited for
     */
    void stopTheOthers(Duration atMost, boolean isHanging) throws InterruptedException {
        Thread stop;
        synchronized (this) {
            if (others == null) {
                Set<Bundle> hanging = isHanging ? inStop() : Set.of();
                others = daemon(() -> stopInOrder(hanging), "sluice-held-stop");
            }
            stop = others;
        }
        stop.join(atMost.toMillis());
    }

    private Set<Bundle> inStop() {
        Set<Bundle> stopping = new HashSet<>();
        bundles().stream()
                .map(Leveled::bundle)
                .filter(bundle -> bundle.getState() == Bundle.STOPPING)
                .forEach(stopping::add);
        return stopping;
    }

    private void stopInOrder(Set<Bundle> hanging) {
        Comparator<Leveled> order = Comparator.comparingInt(Leveled::level)
                .thenComparingLong(one -> one.bundle().getBundleId());
        List<Bundle> inOrder = bundles().stream()
                .sorted(order.reversed())
                .map(Leveled::bundle)
                .filter(bundle -> !hanging.contains(bundle))
                .toList();
        for (Bundle bundle : inOrder) {
            // One that the framework is stopping just now is waited for.
            if ((bundle.getState() & (Bundle.ACTIVE | Bundle.STOPPING)) != 0) {
                try {
                    daemon(() -> stop(bundle), "sluice-held-stop-" + bundle.getBundleId())
                            .join(EACH.toMillis());
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException | IllegalStateException e) {
            // As the framework does: what can't be stopped doesn't keep the others from it.
            System.err.println(bundle.getSymbolicName() + " could not be stopped: " + e.getMessage());
        }
    }

    /** {@return all but the framework; none when it has stopped} */
    private List<Leveled> bundles() {
        BundleContext context = framework.getBundleContext();
        try {
            return context == null
                    ? List.of()
                    : Stream.of(context.getBundles())
                            .filter(bundle -> bundle.getBundleId() != 0)
                            .flatMap(bundle -> Leveled.of(bundle).stream())
                            .toList();
        } catch (IllegalStateException e) {
            return List.of(); // the framework has stopped just now
        }
    }
}
