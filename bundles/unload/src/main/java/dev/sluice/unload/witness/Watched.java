package dev.sluice.unload.witness;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * The class loader of something that has left. An analysis of a heap dump finds the class loader by this class's name and the
 * field {@code number}: both are for good.
 */
public final class Watched extends WeakReference<ClassLoader> {

    /** The unload's number. */
    final long number;

    /**
     * Watches a class loader.
     *
     * @param loader the class loader
     * @param number the unload's number
     * @param queue hears when it has been collected
     */
    public Watched(ClassLoader loader, long number, ReferenceQueue<Object> queue) {
        super(loader, queue);
        this.number = number;
    }

    boolean hasGone() {
        return refersTo(null);
    }
}
