package dev.sluice.unload.managed;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor of one bundle. Each task has a thread of its own, so tasks may wait for each other. On virtual threads any number
 * runs at a time; on those of the operating system as many as {@link Threads} says, and a task beyond is rejected rather than
 * queued: a queue behind tasks that wait for what is in it never ends.
 *
 * <p>What a task throws is logged with the bundle's name, and is in its future. A repeated task that throws is run again at its
 * next time, unlike with {@link ScheduledThreadPoolExecutor}.
 *
 * <p>{@link #shutdown()} ends it for all users in the bundle: they share one executor, and whoever shuts it down relies on nothing
 * being run any more. It cancels what waits for its time, repeated or not, so that an orderly end doesn't take hours.
 * {@link #shutdownNow()} interrupts what runs too, and returns what it has cancelled.
 *
 * <p>Safe to use from any thread: see {@link TaskBook}.
 */
class BundleTasks extends AbstractExecutorService implements ScheduledExecutorService {

    private static final Logger LOG = LoggerFactory.getLogger(BundleTasks.class);

    private final String bundle;
    private final Threads threads;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    private final TaskRules rules;
    private final AtomicLong number = new AtomicLong();
    private final TaskBook book;
    private final Failures failures;

    /**
     * @param bundle the bundle's symbolic name
     * @param loader the bundle's class loader
     * @param threads makes the threads
     * @param nanoTime a monotonic clock
     * @param timer waits, by that clock; it is shut down at the release
     * @param rules how long tasks are awaited at the release
     */
    BundleTasks(
            String bundle,
            ClassLoader loader,
            Threads threads,
            LongSupplier nanoTime,
            ScheduledExecutorService timer,
            TaskRules rules) {
        this.bundle = bundle;
        this.threads = threads;
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.rules = rules;
        this.book = new TaskBook(bundle, loader, threads.most());
        this.failures = new Failures(bundle, nanoTime);
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task);
        book.start(loader -> worker(task, loader));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return planned(Executors.callable(task), unit.toNanos(delay), 0);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return planned(task, unit.toNanos(delay), 0);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return planned(again(task), unit.toNanos(initialDelay), positive(unit.toNanos(period)));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
        return planned(again(task), unit.toNanos(initialDelay), -positive(unit.toNanos(delay)));
    }

    @Override
    public void shutdown() {
        end(Stage.SHUT_DOWN);
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> never = end(Stage.SHUT_DOWN);
        others().forEach(Worker::interrupt);
        return never;
    }

    @Override
    public boolean isShutdown() {
        return book.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return book.isTerminated();
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
        return book.awaitEnd(unit.toNanos(time));
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
        return new Reported<>(this, task);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
        return new Reported<>(this, Executors.callable(task, value));
    }

    /** Ends it as the bundle goes: takes no more tasks, cancels what waits, and has a {@link Release} end what runs. */
    final void release() {
        end(Stage.RELEASING);
        try {
            new Release(bundle, book, timer).run(rules);
        } finally {
            timer.shutdownNow();
            failures.end();
        }
    }

    /** Plans the next run of a task; completes the task if there is none. */
    final void plan(Timed<?> task) {
        try {
            if (!book.await(task, () -> timer.schedule(() -> due(task), task.nanosLeft(), TimeUnit.NANOSECONDS))) {
                task.cancel(false);
            }
        } catch (OutOfMemoryError e) {
            // As the timer's thread can't be had. The timer takes all else: it is shut down after the book has ended.
            task.fail(
                    new RejectedExecutionException("no thread could be started that waits for tasks of " + bundle, e));
        }
    }

    /** A task has its result, or is cancelled. */
    final void over(Timed<?> task) {
        book.over(task);
    }

    /** {@return what runs, but for the task that asks} */
    final List<Worker> others() {
        return book.others();
    }

    /** {@return whether a task may still begin} */
    final boolean begin(Worker worker) {
        return book.begin(worker);
    }

    /** A thread has done its task. */
    final void ended(Worker worker) {
        book.ended(worker);
    }

    /** A task has thrown. */
    final void failed(Throwable thrown) {
        if (thrown instanceof InterruptedException && isShutdown()) {
            LOG.debug("A task of {} ended as it was interrupted", bundle);
        } else {
            failures.tell(thrown);
        }
    }

    private <V> Timed<V> planned(Callable<V> task, long delay, long period) {
        Timed<V> timed = new Timed<>(this, task, nanoTime, delay, period);
        book.requireOpen();
        plan(timed);
        return timed;
    }

    /** On the timer's thread, which nothing may keep from completing the task. */
    private void due(Timed<?> task) {
        try {
            book.startWaiting(task, loader -> worker(task, loader));
        } catch (RejectedExecutionException e) {
            if (task.isPeriodic()) {
                LOG.warn("A run of a repeated task of {} is left out: {}", bundle, e.getMessage());
                task.skip();
            } else {
                task.fail(e);
            }
        }
    }

    private Worker worker(Runnable task, ClassLoader loader) {
        return new Worker(this, task, loader, threads.maker(), bundle + "-" + number.incrementAndGet());
    }

    private List<Runnable> end(Stage next) {
        List<Timed<?>> waited = book.end(next);
        // Outside of the lock: whoever waits for a future may have stages hanging on it.
        waited.forEach(task -> task.cancel(false));
        return new ArrayList<>(waited);
    }

    private Callable<Object> again(Runnable task) {
        Objects.requireNonNull(task);
        return () -> {
            try {
                task.run();
            } catch (Throwable thrown) {
                failed(thrown); // and the schedule goes on
            }
            return null;
        };
    }

    private static long positive(long period) {
        if (period <= 0) {
            throw new IllegalArgumentException("the time between two runs has to be above 0");
        }
        return period;
    }
}
