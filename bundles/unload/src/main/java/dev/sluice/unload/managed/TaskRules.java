package dev.sluice.unload.managed;

import java.time.Duration;

/** What is configured of bundles' tasks: a service within this bundle. Safe to call from any thread. */
public interface TaskRules {

    /** {@return how long tasks of a bundle are awaited when it is released, before they are interrupted} */
    Duration tasksTimeout();
}
