package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/** The executors of the JDK, from their threads. Getters and {@code shutdownNow} can be overridden, so fields are read. */
final class Pools {

    /** Of {@code ThreadPoolExecutor.ctl}: below zero it runs, from zero on it is shut down, and from here on it stops. */
    private static final int STOP = 1 << 29;

    private final Class<?> worker;
    private final Field poolOfWorker;
    private final Field poolOfForkJoin;
    private final Field factory;
    private final Field rejected;
    private final Field forkJoinFactory;
    private final Field queue;
    private final MethodHandle shutdownNow;
    private final Field control;
    private final MethodHandle forkJoinIsShutdown;
    private final MethodHandle forkJoinIsStopping;

    /** Whether an executor goes on. */
    enum State {
        /** It takes tasks. */
        OPEN,
        /** It was shut down, takes no more, and works on those that it has: then it ends. */
        ENDING,
        /** It was told to stop at once, and interrupted what it runs. */
        STOPPED
    }

    /**
     * @param opened the JDK's private parts
     * @throws UnseenException if executors can't be looked into
     */
    Pools(Opened opened) throws UnseenException {
        this.worker = opened.type("java.util.concurrent.ThreadPoolExecutor$Worker");
        this.poolOfWorker = opened.field(worker, "this$0");
        this.poolOfForkJoin = opened.field(ForkJoinWorkerThread.class, "pool");
        this.factory = opened.field(ThreadPoolExecutor.class, "threadFactory");
        this.rejected = opened.field(ThreadPoolExecutor.class, "handler");
        this.forkJoinFactory = opened.field(ForkJoinPool.class, "factory");
        this.queue = opened.field(ThreadPoolExecutor.class, "workQueue");
        this.shutdownNow = opened.own(ThreadPoolExecutor.class, "shutdownNow", List.class);
        this.control = opened.field(ThreadPoolExecutor.class, "ctl");
        this.forkJoinIsShutdown = opened.own(ForkJoinPool.class, "isShutdown", boolean.class);
        this.forkJoinIsStopping = opened.own(ForkJoinPool.class, "isTerminating", boolean.class);
    }

    /** {@return the executor that a thread works for, or null} */
    Object of(Thread thread, Object target) {
        if (worker.isInstance(target)) {
            return Opened.get(poolOfWorker, target);
        }
        return thread instanceof ForkJoinWorkerThread ? Opened.get(poolOfForkJoin, thread) : null;
    }

    /**
     * {@return whether the bundle made an executor: it, or what makes its threads, is of a class of the bundle's} A handler of rejected
     * tasks doesn't tell: anybody may set one on an executor of others.
     */
    boolean isOf(Suspect suspect, Object pool) {
        if (pool instanceof ThreadPoolExecutor) {
            return suspect.owns(pool) || suspect.owns(Opened.get(factory, pool));
        }
        return pool instanceof ForkJoinPool && (suspect.owns(pool) || suspect.owns(Opened.get(forkJoinFactory, pool)));
    }

    /** {@return the bundle's handler of the tasks that an executor rejects, or null} */
    Object handler(Suspect suspect, Object pool) {
        Object handler = pool instanceof ThreadPoolExecutor ? Opened.get(rejected, pool) : null;
        return suspect.owns(handler) ? handler : null;
    }

    /** {@return whether an executor goes on} Takes no lock: one may be held by the bundle's code. */
    State state(Object pool) {
        if (pool instanceof ThreadPoolExecutor) {
            int phase = ((AtomicInteger) Opened.get(control, pool)).get();
            return phase < 0 ? State.OPEN : phase < STOP ? State.ENDING : State.STOPPED;
        }
        try {
            ForkJoinPool forkJoin = (ForkJoinPool) pool;
            if ((boolean) forkJoinIsStopping.invokeExact(forkJoin)) {
                return State.STOPPED;
            }
            return (boolean) forkJoinIsShutdown.invokeExact(forkJoin) ? State.ENDING : State.OPEN;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("Neither declares this", e);
        }
    }

    /** {@return whether the container made an executor for itself: what makes its threads is of one of its own classes} */
    boolean isOfTheContainer(ThreadPoolExecutor pool) {
        String made = Opened.get(factory, pool).getClass().getName();
        return made.startsWith("dev.sluice.") && !made.startsWith("dev.sluice.sample.");
    }

    /** {@return what waits in an executor; nothing if its queue is of a class of the bundle's} */
    BlockingQueue<?> queue(Suspect suspect, ThreadPoolExecutor pool) {
        return Opened.get(queue, pool) instanceof BlockingQueue<?> waiting && !suspect.owns((Object) waiting)
                ? waiting
                : null;
    }

    /** Ends an executor, and interrupts what it runs. */
    @SuppressWarnings("rawtypes")
    void shutDown(Object pool) {
        if (pool instanceof ForkJoinPool forkJoin) {
            forkJoin.shutdownNow();
            return;
        }
        try {
            List dropped = (List) shutdownNow.invokeExact((ThreadPoolExecutor) pool);
            dropped.clear();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("shutdownNow doesn't declare this", e);
        }
    }
}
