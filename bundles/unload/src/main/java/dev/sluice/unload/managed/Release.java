package dev.sluice.unload.managed;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of tasks that run as their bundle goes: they are awaited, interrupted if they go on, and named in the log if they
 * go on even then. A task that brings about the release of its own bundle isn't awaited. Used by one thread.
 */
final class Release {

    private static final Logger LOG = LoggerFactory.getLogger(Release.class);

    private final String bundle;
    private final TaskBook book;
    private final ScheduledExecutorService timer;

    Release(String bundle, TaskBook book, ScheduledExecutorService timer) {
        this.bundle = bundle;
        this.book = book;
        this.timer = timer;
    }

    /**
     * Takes as long as the rules say at most, but for what closing the channels of interrupted tasks takes.
     *
     * @param rules how long they are awaited
     */
    void run(TaskRules rules) {
        boolean interrupted = false;
        try {
            Duration timeout = rules.tasksTimeout();
            if (!awaitOthers(timeout)) {
                List<Worker> late = book.others();
                LOG.info(
                        "Tasks of {} run on {} ms after it has stopped, and are interrupted: {}",
                        bundle,
                        timeout.toMillis(),
                        names(late));
                late.forEach(Worker::interrupt);
                awaitOthers(rules.afterInterrupt());
            }
        } catch (InterruptedException e) {
            interrupted = true;
            book.others().forEach(Worker::interrupt);
        }
        tell(book.finish());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitOthers(Duration most) throws InterruptedException {
        if (book.others().isEmpty()) {
            return true;
        }
        AtomicBoolean late = new AtomicBoolean();
        Future<?> alarm;
        try {
            alarm = timer.schedule(
                    () -> {
                        late.set(true);
                        book.wake();
                    },
                    most.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            return false; // no thread can be had for the timer: nothing would end the wait
        }
        try {
            return book.awaitOthers(late::get);
        } finally {
            alarm.cancel(false);
        }
    }

    private void tell(TaskBook.Left left) {
        left.unbegun().forEach(Worker::drop);
        if (!left.unbegun().isEmpty()) {
            LOG.warn(
                    "Tasks of {} weren't run ({}): the bundle was released before their threads got to run",
                    bundle,
                    left.unbegun().size());
        }
        if (!left.running().isEmpty()) {
            LOG.warn(
                    "{} is stopped, but tasks of it go on although interrupted: {}. They keep it in memory. A task has to end"
                            + " when its thread is interrupted.",
                    bundle,
                    names(left.running()));
        }
    }

    private static String names(List<Worker> workers) {
        return workers.stream()
                .map(worker -> "thread \"" + worker.thread().getName() + "\"")
                .collect(Collectors.joining(", "));
    }
}
