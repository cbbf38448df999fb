package dev.sluice.unload.managed;

import java.util.concurrent.Future;

/** One task on a thread of its own, with the bundle's class loader as the thread's context class loader. */
final class Worker implements Runnable {

    private final BundleTasks tasks;
    private final Runnable task;
    private final ClassLoader loader;
    private final Thread thread;

    Worker(BundleTasks tasks, Runnable task, ClassLoader loader, Threads threads, String name) {
        this.tasks = tasks;
        this.task = task;
        this.loader = loader;
        this.thread = threads.unstarted(name, this);
    }

    Thread thread() {
        return thread;
    }

    @Override
    public void run() {
        // The thread ends with the task; it is reset all the same, as the log line of a failure may still be on its
        // way.
        thread.setContextClassLoader(loader);
        try {
            if (tasks.begins()) {
                task.run();
            } else {
                drop();
            }
        } catch (Throwable thrown) {
            tasks.failed(thrown);
        } finally {
            thread.setContextClassLoader(BundleTasks.class.getClassLoader());
            tasks.ended(this);
        }
    }

    private void drop() {
        if (task instanceof Future<?> future) {
            future.cancel(false);
        }
        tasks.dropped();
    }
}
