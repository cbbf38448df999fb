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

    /** How long interrupted tasks are given before they are named. */
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

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
     * Takes the timeout and a second at most, but for what closing the channels of interrupted tasks takes.
     *
     * @param timeout how long they are awaited before they are interrupted
     */
    void run(Duration timeout) {
        boolean interrupted = false;
        try {
            if (!awaitOthers(timeout)) {
                List<Worker> late = book.others();
                LOG.info(
                        "{} tasks of {} run on {} ms after it has stopped, and are interrupted: {}",
                        late.size(),
                        bundle,
                        timeout.toMillis(),
                        names(late));
                late.forEach(Worker::interrupt);
                awaitOthers(AFTER_INTERRUPT);
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
                    "{} tasks of {} weren't run: the bundle was released before their threads got to run",
                    left.unbegun().size(),
                    bundle);
        }
        if (!left.running().isEmpty()) {
            LOG.warn(
                    "{} is stopped, but {} of its tasks go on although interrupted: {}. They keep it in memory. A task has to end"
                            + " when its thread is interrupted.",
                    bundle,
                    left.running().size(),
                    names(left.running()));
        }
    }

    private static String names(List<Worker> workers) {
        return workers.stream()
                .map(worker -> "thread \"" + worker.thread().getName() + "\"")
                .collect(Collectors.joining(", "));
    }
}
