package dev.sluice.container;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * A stop of the framework that a bundle holds up for ever: it has called {@code System.exit} in its start. That call waits
 * for this very stop, and until it returns the bundle has its lock, for which the framework waits before it goes on to the
 * next bundle. All others can be stopped all the same, in the framework's order; then the call may end the process, with
 * the status that it asked for.
 */
final class HeldStop {

    private final Framework framework;
    private final int highestStartLevel;

    /** @param highestStartLevel the start level of what stops first, when all requests have been drained */
    HeldStop(Framework framework, int highestStartLevel) {
        this.framework = framework;
        this.highestStartLevel = highestStartLevel;
    }

    /** {@return whether the framework has come to the bundle, or will, and can't get past it} */
    boolean isHeld() {
        List<Bundle> bundles = bundles();
        return bundles.stream().anyMatch(bundle -> bundle.getState() == Bundle.STARTING)
                && bundles.stream()
                        .filter(bundle -> startLevel(bundle) >= highestStartLevel)
                        .noneMatch(HeldStop::isUp)
                && isExitUnderWay();
    }

    /**
     * Stops all others.
     *
     * @return whether they have stopped in time
     */
    boolean stopTheOthers(Duration atMost) throws InterruptedException {
        Thread stop = new Thread(this::stopInOrder, "sluice-held-stop");
        stop.setDaemon(true);
        stop.start();
        stop.join(Math.max(1, atMost.toMillis()));
        return !stop.isAlive();
    }

    private void stopInOrder() {
        Comparator<Bundle> order = Comparator.comparingInt(HeldStop::startLevel).thenComparingLong(Bundle::getBundleId);
        bundles().stream()
                .sorted(order.reversed())
                // One that the framework is stopping just now is waited for.
                .filter(bundle -> (bundle.getState() & (Bundle.ACTIVE | Bundle.STOPPING)) != 0)
                .forEach(HeldStop::stop);
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException | IllegalStateException e) {
            // As the framework does: what can't be stopped doesn't keep the others from it.
            System.err.println(bundle.getSymbolicName() + " could not be stopped: " + e.getMessage());
        }
    }

    private static boolean isUp(Bundle bundle) {
        return (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING)) != 0;
    }

    private static int startLevel(Bundle bundle) {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        return level == null ? 0 : level.getStartLevel();
    }

    private List<Bundle> bundles() {
        BundleContext context = framework.getBundleContext();
        return context == null
                ? List.of()
                : Stream.of(context.getBundles())
                        .filter(bundle -> bundle.getBundleId() != 0)
                        .toList();
    }

    /** A call that the launcher makes is made when the framework has stopped, and is none that it waits for. */
    private static boolean isExitUnderWay() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .anyMatch(frame -> frame.getClassName().equals("java.lang.Runtime")
                        && frame.getMethodName().equals("exit"));
    }
}
