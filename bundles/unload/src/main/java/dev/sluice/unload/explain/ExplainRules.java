package dev.sluice.unload.explain;

import java.time.Duration;

/** What is configured of how a heap dump is looked through: a service within this bundle. Safe to call from any thread. */
public interface ExplainRules {

    /** {@return the heap of the JVM that does it, in megabytes; 0 to choose it by the size of the dump} */
    int explainMegabytes();

    /** {@return how long it may take} */
    Duration explainTimeout();
}
