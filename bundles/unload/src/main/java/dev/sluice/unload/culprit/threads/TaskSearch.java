package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Finding.Cleaning;
import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Finds tasks of a bundle that wait in executors of others, those of the JDK included: executors are found from their threads. A
 * task that is the bundle's own, in whatever wrappers of the JDK, is cancelled and taken from its queue, and no other. A task that
 * only leads to something of the bundle's, as one of others on whose {@link CompletableFuture} the bundle waits, is only named.
 */
public final class TaskSearch implements Search {

    @Override
    public String name() {
        return "tasks";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Opened opened = new Opened("pending tasks");
        ThreadParts parts = new ThreadParts(opened);
        Pools pools = new Pools(opened);
        Asked asked = new Asked(suspect, opened);
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean delays = false;
        for (Thread thread : PlatformThreads.all()) {
            Object pool = pools.of(thread, parts.target(thread));
            if (pool instanceof ThreadPoolExecutor executor && !pools.isOf(suspect, pool) && seen.add(pool)) {
                asked.queue(pools.queue(suspect, executor), thread, pools.isOfTheContainer(executor));
            } else if (pool instanceof ForkJoinPool forkJoin && !pools.isOf(suspect, pool) && seen.add(pool)) {
                asked.queues(forkJoin, thread);
            }
            delays |= DelayHeap.isOn(thread);
        }
        if (delays) {
            try {
                asked.delayed(new DelayHeap(opened).tasks());
            } catch (UnseenException e) {
                throw new UnseenException(e.getMessage(), asked.found);
            }
        }
        return asked.found;
    }

    /** One search. */
    private static final class Asked {

        private final List<Finding> found = new ArrayList<>();
        private final Walk own;
        private final Walk tied;
        private final Suspect suspect;
        private final Field queues;
        private final Field tasks;
        private final MethodHandle cancel;

        Asked(Suspect suspect, Opened opened) throws UnseenException {
            this.suspect = suspect;
            this.own = new Walk(suspect, CompletableFuture.class::isInstance);
            this.tied = new Walk(suspect, any -> false);
            this.queues = opened.field(ForkJoinPool.class, "queues");
            this.tasks = opened.field(queues.getType().getComponentType(), "array");
            this.cancel = opened.own(ForkJoinTask.class, "cancel", boolean.class, boolean.class);
        }

        /** What a task of the container's own leads to is the container's: nothing that an author could mend. */
        void queue(BlockingQueue<?> queue, Thread thread, boolean isOfTheContainer) {
            if (queue != null) {
                for (Object task : queue.toArray()) {
                    if (isOfTheContainer && own.from(task) != Walk.Tie.OWN) {
                        continue;
                    }
                    look(task, "the executor of " + Wording.thread(thread), () -> {
                        // A class of the bundle's may have a cancel of its own: taking it from the queue does.
                        if (task instanceof Future<?> future && !suspect.owns(task)) {
                            future.cancel(false);
                        }
                        // By identity: remove(Object) would ask the bundle's equals.
                        queue.removeIf(any -> any == task);
                    });
                }
            }
        }

        /** A cancelled task stays where it is until a thread of the pool comes to it, and leaves it out. */
        void queues(ForkJoinPool pool, Thread thread) {
            if (Opened.get(queues, pool) instanceof Object[] all) {
                for (Object queue : all) {
                    if (queue != null && Opened.get(tasks, queue) instanceof Object[] waiting) {
                        for (Object task : waiting) {
                            look(task, "the pool of " + Wording.thread(thread), () -> cancel((ForkJoinTask<?>) task));
                        }
                    }
                }
            }
        }

        void delayed(List<Object> heap) {
            for (Object task : heap) {
                if (!((Future<?>) task).isDone()) {
                    look(task, "the common pool for its time", () -> ((Future<?>) task).cancel(false));
                }
            }
        }

        private void cancel(ForkJoinTask<?> task) throws Exception {
            try {
                boolean ignored = (boolean) cancel.invokeExact(task, false);
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("cancel doesn't declare this", e);
            }
        }

        private void look(Object task, String where, Removal removal) {
            Walk.Tie tie = own.from(task);
            Object what = own.reached();
            if (tie == Walk.Tie.NONE) {
                tie = tied.from(task) == Walk.Tie.NONE ? Walk.Tie.NONE : Walk.Tie.SHARED;
                what = tied.reached();
            }
            if (tie != Walk.Tie.NONE) {
                found.add(finding(task, what, where, tie == Walk.Tie.OWN ? Optional.of(removal) : Optional.empty()));
            }
        }

        private static Finding finding(Object task, Object reached, String where, Optional<Removal> removal) {
            String what = removal.isPresent()
                    ? "a task (" + Wording.type(reached) + ") that waits in " + where
                    : "a task of others (" + Wording.type(task) + ") that waits in " + where + ", and leads to "
                            + Wording.type(reached);
            Culprit culprit = new Culprit(
                    Kind.PENDING_TASK,
                    what,
                    "cancel the task when the bundle stops, or use the container's executor, which does so");
            return new Finding(culprit, removal.map(how -> (Cleaning) () -> {
                how.remove();
                return "cancelled " + what + ", which the middleware has left behind";
            }));
        }
    }

    /** Takes a task from where it waits. */
    private interface Removal {
        void remove() throws Exception;
    }
}
