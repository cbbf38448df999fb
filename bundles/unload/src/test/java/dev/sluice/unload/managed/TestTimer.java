package dev.sluice.unload.managed;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A clock and a timer whose time passes only when a test says so, on the test's thread. */
final class TestTimer extends ScheduledThreadPoolExecutor {

    // Guarded by this, as is what follows.
    private final Queue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(alarm -> alarm.at));
    private long nanos = 1_000;
    private boolean exhausted;
    private Runnable before = () -> {};

    TestTimer() {
        super(0);
    }

    synchronized long nanos() {
        return nanos;
    }

    /** From now on there is no thread to be had. */
    synchronized void exhaust() {
        exhausted = true;
    }

    /** From now on this is run by whoever sets an alarm, before it is set. */
    synchronized void beforeAlarms(Runnable next) {
        before = next;
    }

    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        before.run();
        if (isShutdown()) {
            throw new RejectedExecutionException("shut down");
        }
        if (exhausted) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        Alarm alarm = new Alarm(task, nanos + unit.toNanos(delay));
        alarms.add(alarm);
        notifyAll();
        return alarm;
    }

    /** Waits until something waits for the time. */
    synchronized void awaitAlarm() throws InterruptedException {
        while (waiting() == 0) {
            wait();
        }
    }

    synchronized int waiting() {
        alarms.removeIf(FutureTask::isDone);
        return alarms.size();
    }

    /** {@return what waits, which runs even if it is cancelled: as what has just begun does} */
    synchronized List<Runnable> begun() {
        return alarms.stream().map(alarm -> alarm.task).toList();
    }

    /** Time passes, and nothing is run: as on a machine that has too much to do. */
    synchronized void stall(Duration duration) {
        nanos += duration.toNanos();
    }

    void pass(Duration duration) {
        long until;
        synchronized (this) {
            until = nanos + duration.toNanos();
        }
        for (Alarm next = next(until); next != null; next = next(until)) {
            next.run();
        }
    }

    /** {@return the next that is due by then; null if there is none, and then it is then} */
    private synchronized Alarm next(long until) {
        waiting();
        Alarm next = alarms.peek();
        boolean due = next != null && next.at <= until;
        nanos = due ? Math.max(next.at, nanos) : until;
        return due ? alarms.poll() : null;
    }

    private final class Alarm extends FutureTask<Object> implements ScheduledFuture<Object> {

        private final Runnable task;
        private final long at;

        Alarm(Runnable task, long at) {
            super(task, null);
            this.task = task;
            this.at = at;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - nanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
