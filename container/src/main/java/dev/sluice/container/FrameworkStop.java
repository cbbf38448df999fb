package dev.sluice.container;

import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * The stop of the framework, which no bundle can hold up for long: one that doesn't come to an end of its start or stop is
 * left where it is, and all others are stopped.
 */
final class FrameworkStop {

    /**
     * For how long it is waited.
     *
     * @param drain until bundles begin to stop: the delay and the drain at their longest, and what closes connections
     * @param oneBundle for a bundle that doesn't come to an end, from when the framework has come to it
     * @param allBundles for all bundles, since the drain
     * @param others for all others, if the framework can't get past one
     */
    record Patience(Duration drain, Duration oneBundle, Duration allBundles, Duration others) {

        /** Of a stop without requests all of it is less than the 30 s that Kubernetes gives. */
        static Patience of(Duration delayAndDrain) {
            return new Patience(
                    delayAndDrain.plusSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(8));
        }
    }

    /** How often it is asked whether a stop still gets on. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Framework framework;
    private final Patience patience;
    private final StopProgress progress;
    private final HeldStop held;

    FrameworkStop(Framework framework, int highestStartLevel, Patience patience) {
        this.framework = framework;
        this.patience = patience;
        this.progress = new StopProgress(framework, highestStartLevel, System::nanoTime);
        this.held = new HeldStop(framework, highestStartLevel);
    }

    /** Has it see what stops, whoever asks for the stop; before anything starts. */
    void listen(BundleContext context) {
        context.addBundleListener(progress);
    }

    /**
     * Stops everything in good order and returns when that is done. Calling it again, or from several threads, is fine.
     *
     * @return whether all has stopped; if not, a bundle's code is still in its start or stop, and the others have been stopped
     *     as far as there was time
     */
    boolean run() throws BundleException, InterruptedException {
        framework.stop();
        long begun = System.nanoTime();
        while (framework.waitForStop(LOOK.toMillis()).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            boolean isHeldByExit = progress.isDrained() && held.isByExit();
            if (isHeldByExit || isTooLate(begun)) {
                held.stopTheOthers(patience.others(), !isHeldByExit);
                return framework.waitForStop(1).getType() != FrameworkEvent.WAIT_TIMEDOUT;
            }
        }
        return true;
    }

    /** {@return the bundles that are in their start or stop now; one that is in its start can't be stopped} */
    String stillBusy() {
        String names = held.names();
        return names.isEmpty() ? "the framework" : names;
    }

    private boolean isTooLate(long begun) {
        return progress.isDrained()
                ? progress.sinceLast() > patience.oneBundle().toNanos()
                        || progress.sinceDrain() > patience.allBundles().toNanos()
                : System.nanoTime() - begun > patience.drain().toNanos();
    }
}
