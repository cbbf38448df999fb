package dev.sluice.unload.testing;

import java.lang.ref.WeakReference;
import java.time.Duration;

/** Whether something is collected. */
public final class Gone {

    private Gone() {}

    /** {@return whether collections take what a reference refers to before the time is over} */
    public static boolean within(Duration time, WeakReference<?> reference) {
        long begun = System.nanoTime();
        do {
            System.gc();
        } while (!reference.refersTo(null) && System.nanoTime() - begun < time.toNanos());
        return reference.refersTo(null);
    }
}
