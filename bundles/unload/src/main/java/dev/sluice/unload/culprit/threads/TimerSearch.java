package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TimerTask;

/**
 * Finds tasks of a bundle in {@link java.util.Timer}s, and cancels them, whoever made the timer. The timer isn't ended: nobody can
 * tell from outside whether others use it as well, and a timer that the bundle made ends by itself once the bundle is collected, as
 * the JDK has it end when nobody refers to it any more.
 *
 * <p>Works under the timer's own lock, as {@code Timer.purge} does. A task's {@code cancel} may be the bundle's code, so the task is
 * marked as cancelled in its place.
 */
public final class TimerSearch implements Search {

    private static final int CANCELLED = 3;

    @Override
    public String name() {
        return "timers";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Opened opened = new Opened("timers");
        Class<?> timerThread = opened.type("java.util.TimerThread");
        Timers timers = new Timers(opened, timerThread);
        Walk walk = new Walk(suspect, any -> false);
        List<Finding> found = new ArrayList<>();
        for (Thread thread : PlatformThreads.all()) {
            if (timerThread.isInstance(thread)) {
                Object queue = Opened.get(timers.queue, thread);
                for (TimerTask task : timers.tasks(queue)) {
                    Walk.Tie tie = walk.from(task);
                    if (tie != Walk.Tie.NONE) {
                        found.add(finding(timers, thread, queue, task, tie, walk.reached()));
                    }
                }
            }
        }
        return found;
    }

    private static Finding finding(
            Timers timers, Thread thread, Object queue, TimerTask task, Walk.Tie tie, Object reached) {
        String what = (tie == Walk.Tie.SHARED
                        ? "a task of others (" + Wording.type(task) + ") that leads to " + Wording.type(reached)
                        : "the task " + Wording.type(reached))
                + " in the Timer of " + Wording.thread(thread);
        Culprit culprit = new Culprit(
                Kind.TIMER,
                what,
                "cancel the timer when the bundle stops, or use the container's executor in its stead");
        if (tie == Walk.Tie.SHARED) {
            return Finding.only(culprit);
        }
        return Finding.of(culprit, () -> {
            timers.cancel(queue, task);
            return "cancelled " + what + ", which the middleware has left behind";
        });
    }

    /** The private parts of timers. */
    private static final class Timers {

        private final Field queue;
        private final Field tasks;
        private final Field size;
        private final Field state;
        private final Field lock;
        private final Method remove;
        private final Method heapify;

        Timers(Opened opened, Class<?> thread) throws UnseenException {
            this.queue = opened.field(thread, "queue");
            this.tasks = opened.field(queue.getType(), "queue");
            this.size = opened.field(queue.getType(), "size");
            this.remove = opened.method(queue.getType(), "quickRemove", int.class);
            this.heapify = opened.method(queue.getType(), "heapify");
            this.state = opened.field(TimerTask.class, "state");
            this.lock = opened.field(TimerTask.class, "lock");
        }

        /** All that are queued: one that was cancelled is held as well, until its time comes. */
        List<TimerTask> tasks(Object of) {
            List<TimerTask> waiting = new ArrayList<>();
            synchronized (of) {
                TimerTask[] heap = (TimerTask[]) Opened.get(tasks, of);
                for (int i = 1; i <= (Integer) Opened.get(size, of); i++) {
                    waiting.add(heap[i]);
                }
            }
            return waiting;
        }

        void cancel(Object of, TimerTask task) throws ReflectiveOperationException {
            synchronized (of) {
                synchronized (Opened.get(lock, task)) {
                    state.setInt(task, CANCELLED);
                }
                TimerTask[] heap = (TimerTask[]) Opened.get(tasks, of);
                for (int i = (Integer) Opened.get(size, of); i > 0; i--) {
                    if (heap[i] == task) {
                        remove.invoke(of, i);
                    }
                }
                heapify.invoke(of);
                // The timer's thread may be waiting for this very task, and has it on its stack until then.
                of.notify();
            }
        }
    }
}
