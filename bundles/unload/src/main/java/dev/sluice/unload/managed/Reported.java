package dev.sluice.unload.managed;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A task of which a failure is logged, whether or not anybody asks its future. */
class Reported<V> extends FutureTask<V> {

    private final BundleTasks tasks;

    Reported(BundleTasks tasks, Callable<V> task) {
        super(task);
        this.tasks = tasks;
    }

    @Override
    protected void setException(Throwable thrown) {
        // What a cancelled task throws is the answer to its cancellation.
        if (!isCancelled()) {
            tasks.failed(thrown);
        }
        super.setException(thrown);
    }
}
