package dev.sluice.unload.managed;

import dev.sluice.unload.culprit.ManagedTask;
import java.util.concurrent.Future;

/** One task on a thread of its own, with the bundle's class loader as the thread's context class loader. */
final class Worker implements ManagedTask {

    private final BundleTasks tasks;
    private final Runnable task;
    private final ClassLoader loader;
    private final Thread thread;

    // Guarded by the lock of the book.
    private boolean begun;

    Worker(BundleTasks tasks, Runnable task, ClassLoader loader, Threads.Maker threads, String name) {
        this.tasks = tasks;
        this.task = task;
        this.loader = loader;
        this.thread = threads.unstarted(name, this);
    }

    Thread thread() {
        return thread;
    }

    void begun() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    @Override
    public void run() {
        if (!tasks.begin(this)) {
            return; // the release has seen to it
        }
        // The thread ends with the task; it is reset all the same, as who lists threads may keep one that has ended.
        thread.setContextClassLoader(loader);
        try {
            task.run();
        } catch (Throwable thrown) {
            tasks.failed(thrown);
        } finally {
            thread.setContextClassLoader(Worker.class.getClassLoader());
            tasks.ended(this);
        }
    }

    /** Completes the future of a task that isn't begun any more. */
    void drop() {
        if (task instanceof Future<?> future) {
            future.cancel(false);
        }
    }

    /**
     * Interrupts the thread. One that waits in a channel has the channel closed by that, on the thread that calls this: it may be
     * the bundle's code, and throw.
     */
    void interrupt() {
        try {
            thread.interrupt();
        } catch (Throwable thrown) {
            tasks.failed(thrown);
        }
    }
}
