package dev.sluice.unload.managed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor of one bundle. Each task has a thread of its own, so tasks may wait for each other. On virtual threads any number
 * runs at a time; on those of the operating system {@value #MOST_ON_PLATFORM}, and a task beyond is rejected rather than queued:
 * a queue behind tasks that wait for what is in it never ends.
 *
 * <p>What a task throws is logged with the bundle's name, and is in its future. A repeated task that throws is run again at its
 * next time, unlike with {@link ScheduledThreadPoolExecutor}.
 *
 * <p>{@link #shutdown()} ends it for all users in the bundle: they share one executor, and whoever shuts it down relies on nothing
 * being run any more. It cancels what waits for its time, repeated or not, so that an orderly end doesn't take hours.
 *
 * <p>Safe to use from any thread. One lock guards the stage and the two sets: a task is either in a set before the release has
 * taken its look at them, or is rejected. No task of a bundle, and nothing that waits, runs under the lock.
 */
class BundleTasks extends AbstractExecutorService implements ScheduledExecutorService {

    /** How many tasks of a bundle may run at a time on threads of the operating system. */
    static final int MOST_ON_PLATFORM = 500;

    /** How long interrupted tasks are given before they are named in the log. */
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(BundleTasks.class);

    /** From left to right only. */
    private enum Stage {
        OPEN,
        SHUT_DOWN,
        RELEASING,
        RELEASED
    }

    private final String bundle;
    private final Threads threads;
    private final Supplier<Duration> timeout;
    private final AtomicLong number = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    private final Set<Worker> running = new LinkedHashSet<>();
    private final Set<Timed<?>> waiting = new LinkedHashSet<>();
    private final ScheduledThreadPoolExecutor timing;
    private Stage stage = Stage.OPEN;

    /** Let go of at the release: who keeps this executor, as a delayed executor of the JDK does, keeps no class loader. */
    private ClassLoader loader;

    BundleTasks(String bundle, ClassLoader loader, Threads threads, Supplier<Duration> timeout) {
        this.bundle = bundle;
        this.loader = loader;
        this.threads = threads;
        this.timeout = timeout;
        this.timing = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = Threads.platform(bundle + "-timing", task);
            thread.setContextClassLoader(BundleTasks.class.getClassLoader());
            return thread;
        });
        timing.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task);
        lock.lock();
        try {
            requireOpen();
            start(task);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return planned(new Timed<>(this, Executors.callable(task), unit.toNanos(delay), 0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return planned(new Timed<>(this, task, unit.toNanos(delay), 0));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return planned(new Timed<>(this, again(task), unit.toNanos(initialDelay), positive(unit.toNanos(period))));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
        return planned(new Timed<>(this, again(task), unit.toNanos(initialDelay), -positive(unit.toNanos(delay))));
    }

    @Override
    public void shutdown() {
        end(Stage.SHUT_DOWN);
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> never = end(Stage.SHUT_DOWN);
        interrupt();
        return never;
    }

    @Override
    public boolean isShutdown() {
        lock.lock();
        try {
            return stage != Stage.OPEN;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isTerminated() {
        lock.lock();
        try {
            return stage != Stage.OPEN && running.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(time);
        lock.lock();
        try {
            while (stage == Stage.OPEN || !running.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = fewer.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
        return new Reported<>(this, task);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
        return new Reported<>(this, Executors.callable(task, value));
    }

    /**
     * Ends it as the bundle goes: takes no more tasks, cancels what waits, awaits what runs, interrupts what goes on, and names in
     * the log what goes on even then. Takes the timeout and a second at most. A task that brings about the release of its own
     * bundle isn't awaited.
     */
    final void release() {
        end(Stage.RELEASING);
        boolean interrupted = false;
        try {
            if (!awaitOthers(timeout.get())) {
                interrupt();
                awaitOthers(AFTER_INTERRUPT);
            }
        } catch (InterruptedException e) {
            interrupted = true;
            interrupt();
        }
        List<String> left = finish();
        if (!left.isEmpty()) {
            LOG.warn(
                    "{} is stopped, but {} of its tasks go on although interrupted: {}. They keep it in memory. A task has to end"
                            + " when its thread is interrupted.",
                    bundle,
                    left.size(),
                    String.join(", ", left));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Plans the next run of a task; cancels the task if there is none. */
    final void plan(Timed<?> task) {
        boolean open;
        lock.lock();
        try {
            open = stage == Stage.OPEN;
            if (open && !task.isDone()) {
                waiting.add(task);
                task.alarm(timing.schedule(() -> due(task), task.getDelay(TimeUnit.NANOSECONDS), TimeUnit.NANOSECONDS));
            }
        } finally {
            lock.unlock();
        }
        if (!open) {
            task.cancel(false);
        }
    }

    /** A task has its result, or is cancelled. */
    final void over(Timed<?> task) {
        lock.lock();
        try {
            waiting.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether a task may still begin} */
    final boolean begins() {
        lock.lock();
        try {
            return stage != Stage.RELEASED;
        } finally {
            lock.unlock();
        }
    }

    /** A thread has done its task. */
    final void ended(Worker worker) {
        lock.lock();
        try {
            running.remove(worker);
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A task has thrown. */
    final void failed(Throwable thrown) {
        if (thrown instanceof InterruptedException && isShutdown()) {
            LOG.debug("A task of {} ended as it was interrupted", bundle);
        } else {
            LOG.warn("A task of {} failed", bundle, thrown);
        }
    }

    /** A task wasn't begun in time. */
    final void dropped() {
        LOG.warn("A task of {} wasn't run: the bundle was released before the task's thread got to run", bundle);
    }

    private <V> Timed<V> planned(Timed<V> task) {
        lock.lock();
        try {
            requireOpen();
            plan(task);
            return task;
        } finally {
            lock.unlock();
        }
    }

    /** On the timing thread. */
    private void due(Timed<?> task) {
        try {
            lock.lock();
            try {
                if (stage != Stage.OPEN) {
                    return; // whoever ended it cancels the task
                }
                start(task);
                waiting.remove(task);
            } finally {
                lock.unlock();
            }
        } catch (RejectedExecutionException e) {
            if (task.isPeriodic()) {
                LOG.warn("A run of a repeated task of {} is left out: {}", bundle, e.getMessage());
                task.skip();
            } else {
                task.fail(e);
            }
        }
    }

    /** Under the lock, so that the release sees the task. */
    private void start(Runnable task) {
        if (threads == Threads.PLATFORM && running.size() >= MOST_ON_PLATFORM) {
            throw new RejectedExecutionException(bundle + " has " + MOST_ON_PLATFORM
                    + " tasks running, which is the most on this JVM. Let it run fewer at a time, or run on JDK 21 or newer,"
                    + " where they are virtual threads and have no such limit.");
        }
        Worker worker = new Worker(this, task, loader, threads, bundle + "-" + number.incrementAndGet());
        running.add(worker);
        try {
            worker.thread().start();
        } catch (Throwable e) {
            running.remove(worker);
            throw new RejectedExecutionException("no thread could be started for a task of " + bundle, e);
        }
    }

    private void requireOpen() {
        switch (stage) {
            case OPEN -> {}
            case SHUT_DOWN ->
                throw new RejectedExecutionException(bundle
                        + " has shut its executor down. It needn't: the container does so when the bundle stops.");
            case RELEASING, RELEASED ->
                throw new RejectedExecutionException(bundle
                        + " is being released, and so is its executor: it takes no more tasks. Give it none after the"
                        + " component that uses it is deactivated.");
        }
    }

    private List<Runnable> end(Stage next) {
        List<Timed<?>> cancelled;
        lock.lock();
        try {
            if (stage.compareTo(next) < 0) {
                stage = next;
            }
            cancelled = List.copyOf(waiting);
            waiting.clear();
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
        // Outside of the lock: whoever waits for a future may have stages hanging on it.
        cancelled.forEach(task -> task.cancel(false));
        timing.shutdownNow();
        return new ArrayList<>(cancelled);
    }

    private void interrupt() {
        lock.lock();
        try {
            running.stream()
                    .map(Worker::thread)
                    .filter(thread -> thread != Thread.currentThread())
                    .forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitOthers(Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lock();
        try {
            while (running.stream().anyMatch(worker -> worker.thread() != Thread.currentThread())) {
                if (left <= 0) {
                    return false;
                }
                left = fewer.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private List<String> finish() {
        lock.lock();
        try {
            stage = Stage.RELEASED;
            loader = null;
            return running.stream()
                    .map(Worker::thread)
                    .filter(thread -> thread != Thread.currentThread())
                    .map(thread -> "thread \"" + thread.getName() + "\"")
                    .toList();
        } finally {
            lock.unlock();
        }
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
