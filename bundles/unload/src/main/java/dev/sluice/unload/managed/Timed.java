package dev.sluice.unload.managed;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A task that waits for its time, once or again and again. When it is due, the timing thread hands it to a thread of its own, so
 * that a slow task delays no other. The next run of a repeated task is only planned when a run has ended: no two runs of it
 * overlap.
 */
final class Timed<V> extends Reported<V> implements RunnableScheduledFuture<V> {

    private final BundleTasks tasks;

    /** Above 0: from start to start. Below 0: from end to start. 0: once. In nanoseconds. */
    private final long period;

    private final LongSupplier nanoTime;

    /** By that clock. Written by the run that has just ended, before the next is planned. */
    private volatile long due;

    private volatile Future<?> alarm;

    Timed(BundleTasks tasks, Callable<V> task, LongSupplier nanoTime, long delay, long period) {
        super(tasks, task);
        this.tasks = tasks;
        this.nanoTime = nanoTime;
        this.period = period;
        this.due = nanoTime.getAsLong() + delay;
    }

    @Override
    public boolean isPeriodic() {
        return period != 0;
    }

    @Override
    public void run() {
        if (!isPeriodic()) {
            super.run();
        } else if (runAndReset()) {
            due = period > 0 ? due + period : nanoTime.getAsLong() - period;
            tasks.plan(this);
        }
    }

    /** Remembers what is to be cancelled with this. Under the lock of the book. */
    void alarm(Future<?> planned) {
        alarm = planned;
    }

    /** Ends this with what kept it from being run. */
    void fail(Throwable why) {
        setException(why);
    }

    /** Leaves a run out, as all threads are in use. */
    void skip() {
        long late = Math.max(0, -nanosLeft());
        due = due + late + Math.abs(period);
        tasks.plan(this);
    }

    @Override
    protected void done() {
        // First: this waits for the book, in which an alarm may just be set.
        tasks.over(this);
        Future<?> planned = alarm;
        if (planned != null) {
            planned.cancel(false);
        }
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(nanosLeft(), TimeUnit.NANOSECONDS);
    }

    /** {@return how long until it is due; less than 0 if it has been} */
    long nanosLeft() {
        return due - nanoTime.getAsLong();
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(nanosLeft(), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
