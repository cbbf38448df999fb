package dev.sluice.container.hostile;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Notes which bundles stop, in their order. The framework hands this very class to the bundles. */
public class Noted implements BundleActivator {

    public static final List<String> STOPPED = new CopyOnWriteArrayList<>();

    /** Ends what hangs, when a test is over. */
    public static volatile CountDownLatch over = new CountDownLatch(1);

    /** Open when one hangs in its start. */
    public static volatile CountDownLatch hangs = new CountDownLatch(1);

    @Override
    public void start(BundleContext context) {}

    @Override
    public void stop(BundleContext context) {
        STOPPED.add(context.getBundle().getSymbolicName());
    }

    static void hang() {
        hangs.countDown();
        boolean isOver = false;
        while (!isOver) {
            try {
                over.await();
                isOver = true;
            } catch (InterruptedException e) {
                // Interrupts change nothing.
            }
        }
    }

    public static final class HangingInStart extends Noted {
        @Override
        public void start(BundleContext context) {
            hang();
        }
    }

    public static final class HangingInStop extends Noted {
        @Override
        public void stop(BundleContext context) {
            hang();
        }
    }
}
