package dev.sluice.unload.managed;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which tasks of a bundle wait for their time, which run, and whether there may be more.
 *
 * <p>Safe to use from any thread. One lock guards the two sets. The stage is set before the lock is taken to look at them, and read
 * under the lock before a task is put into one: so a task is either in a set before the release has taken its look, or is refused.
 * And it is set before the lock is waited for: who gives tasks all the time, and so has the lock nearly always on a busy machine,
 * doesn't keep the release from it. No task of a bundle, and nothing that waits but for the lock itself, runs under the lock.
 */
final class TaskBook {

    private final String bundle;
    private final int most;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.OPEN);

    // Guarded by the lock.
    private final Set<Worker> running = new LinkedHashSet<>();
    private final Set<Timed<?>> waiting = new LinkedHashSet<>();

    /** Let go of at the release: who keeps the executor, as a delayed executor of the JDK does, keeps no class loader. */
    private ClassLoader loader;

    TaskBook(String bundle, ClassLoader loader, int most) {
        this.bundle = bundle;
        this.loader = loader;
        this.most = most;
    }

    /** Which tasks were left as the release ended: those that go on, and those that haven't begun, and won't. */
    record Left(List<Worker> running, List<Worker> unbegun) {}

    /**
     * Starts a task.
     *
     * @param made makes the thread, which is to have this class loader
     * @throws RejectedExecutionException if it takes no more, or no thread can be had
     */
    void start(Function<ClassLoader, Worker> made) {
        lock.lock();
        try {
            requireOpen();
            startLocked(made);
        } finally {
            lock.unlock();
        }
    }

    /** The same for a task whose time has come; for none that doesn't wait any more. It goes on waiting if this throws. */
    void startWaiting(Timed<?> task, Function<ClassLoader, Worker> made) {
        lock.lock();
        try {
            if (isOpen() && waiting.contains(task)) {
                startLocked(made);
                waiting.remove(task);
            }
        } finally {
            lock.unlock();
        }
    }

    private void startLocked(Function<ClassLoader, Worker> made) {
        if (running.size() >= most) {
            throw new RejectedExecutionException(
                    bundle + " has " + most + " tasks running, which is the most on this JVM."
                            + " Let it run fewer at a time, or run on JDK 21 or newer, where they are virtual threads and have no such"
                            + " limit.");
        }
        try {
            Worker worker = made.apply(loader);
            running.add(worker);
            try {
                worker.thread().start();
            } catch (Throwable e) {
                running.remove(worker);
                throw e;
            }
        } catch (Throwable e) {
            // As an OutOfMemoryError: the system is out of threads, and not the JVM out of memory.
            throw new RejectedExecutionException("no thread could be started for a task of " + bundle, e);
        }
    }

    /**
     * Has a task wait, unless it is done.
     *
     * @param alarm sets what ends the waiting
     * @return false if it takes no more tasks
     */
    boolean await(Timed<?> task, Supplier<Future<?>> alarm) {
        lock.lock();
        try {
            if (!isOpen()) {
                return false;
            }
            if (!task.isDone()) {
                task.alarm(alarm.get());
                // Last: nothing waits for which no alarm could be set. Whoever cancels it meanwhile has it out by
                // over(), after this.
                waiting.add(task);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has a task wait no more. */
    void over(Timed<?> task) {
        lock.lock();
        try {
            waiting.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether a task may still begin; it counts as begun then} */
    boolean begin(Worker worker) {
        lock.lock();
        try {
            if (stage.get() == Stage.RELEASED) {
                return false;
            }
            worker.begun();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A thread has done its task. */
    void ended(Worker worker) {
        lock.lock();
        try {
            running.remove(worker);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the tasks that have waited, and don't any more} */
    List<Timed<?>> end(Stage next) {
        stage.accumulateAndGet(next, Stage::to);
        lock.lock();
        try {
            List<Timed<?>> waited = List.copyOf(waiting);
            waiting.clear();
            changed.signalAll();
            return waited;
        } finally {
            lock.unlock();
        }
    }

    /** Has nothing begin any more, and forgets what hasn't. */
    Left finish() {
        stage.set(Stage.RELEASED);
        lock.lock();
        try {
            loader = null;
            List<Worker> unbegun =
                    running.stream().filter(worker -> !worker.hasBegun()).toList();
            unbegun.forEach(running::remove);
            changed.signalAll();
            return new Left(others(), unbegun);
        } finally {
            lock.unlock();
        }
    }

    /** {@return what runs, but for the task that asks} */
    List<Worker> others() {
        lock.lock();
        try {
            return running.stream()
                    .filter(worker -> worker.thread() != Thread.currentThread())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nothing runs but the task that asks.
     *
     * @param late whether to give up; whoever makes it so calls {@link #wake()}
     * @return whether nothing runs
     */
    boolean awaitOthers(BooleanSupplier late) throws InterruptedException {
        lock.lock();
        try {
            while (!others().isEmpty()) {
                if (late.getAsBoolean()) {
                    return false;
                }
                changed.await();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has those look again who wait. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The wait of an author, for a time of the author's: on the clock of the JVM, as any executor's. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (!isTerminated()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void requireOpen() {
        Stage now = stage.get();
        if (now != Stage.OPEN) {
            throw new RejectedExecutionException(now.refusal(bundle));
        }
    }

    boolean isShutdown() {
        return !isOpen();
    }

    private boolean isOpen() {
        return stage.get() == Stage.OPEN;
    }

    boolean isTerminated() {
        lock.lock();
        try {
            return !isOpen() && running.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
