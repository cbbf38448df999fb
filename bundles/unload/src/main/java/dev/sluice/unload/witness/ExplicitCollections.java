package dev.sluice.unload.witness;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * Asks for a full collection. With ZGC and Shenandoah it runs beside the application; with Serial and Parallel it stops it: see
 * docs/unload.md.
 */
final class ExplicitCollections implements Collections {

    @Override
    public void begin() {
        System.gc();
    }

    @Override
    public void end() {
        // Nothing was changed.
    }

    @Override
    public long count() {
        return counted();
    }

    static long counted() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
