package dev.sluice.unload.explain;

import java.time.Duration;

/**
 * How a heap dump is looked through.
 *
 * @param megabytes the heap of the JVM that does it; 0 to choose it by the size of the dump
 * @param timeout how long that may take
 */
record ExplainSettings(int megabytes, Duration timeout) {

    static final ExplainSettings DEFAULT = new ExplainSettings(0, Duration.ofMinutes(10));

    private static final long MEGABYTE = 1 << 20;
    /** Measured on many small objects: the index is built while its parts are sorted. */
    private static final long LEAST = 64 * MEGABYTE;

    private static final long MOST = 2048 * MEGABYTE;

    static ExplainSettings of(ExplainRules rules) {
        return new ExplainSettings(rules.explainMegabytes(), rules.explainTimeout());
    }

    /** {@return the heap for a dump of this size, in bytes: for the index, and two numbers for each object} */
    long memoryFor(long dump) {
        return megabytes > 0 ? megabytes * MEGABYTE : Math.min(MOST, LEAST + dump * 3 / 4);
    }
}
