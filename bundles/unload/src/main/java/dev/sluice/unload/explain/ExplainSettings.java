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
    private static final long LEAST = 64 * MEGABYTE;
    private static final long MOST = 2048 * MEGABYTE;
    private static final int SHARE = 3;

    static ExplainSettings of(ExplainRules rules) {
        return new ExplainSettings(rules.explainMegabytes(), rules.explainTimeout());
    }

    /** {@return the heap for a dump of this size, in bytes: for the index, and two numbers for each object} */
    long memoryFor(long dump) {
        return megabytes > 0 ? megabytes * MEGABYTE : Math.min(MOST, LEAST + dump / SHARE);
    }
}
