package dev.sluice.unload.managed;

import java.time.Duration;

/** How long bundles' tasks are awaited: a service within this bundle. Safe to call from any thread. */
@FunctionalInterface
public interface TaskRules {

    /** How long interrupted tasks are given before they are named. */
    Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

    /** {@return how long tasks of a bundle that is released now are awaited before they are interrupted} */
    Duration tasksTimeout();

    /** {@return how long they are awaited after that} */
    default Duration afterInterrupt() {
        return AFTER_INTERRUPT;
    }
}
