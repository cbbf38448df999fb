package dev.sluice.chain.snapshot;

import dev.sluice.chain.failure.ShownStacks;
import dev.sluice.chain.limit.Bulkhead;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What limits are kept with, and what of it outlives a snapshot: the counts, the clock, and the calls that are stuck. */
final class Limiters {

    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    private final Executor answers;
    private final Map<String, Bulkhead> bulkheads = new ConcurrentHashMap<>();
    private final ShownStacks stacks;
    private final Set<Call> stuck = ConcurrentHashMap.newKeySet();

    /**
     * Makes them.
     *
     * @param nanoTime a monotonic clock
     * @param timer tells when deadlines have passed
     * @param answers sends the answers then, which may take as long as a client reads
     */
    Limiters(LongSupplier nanoTime, ScheduledExecutorService timer, Executor answers) {
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.answers = answers;
        this.stacks = new ShownStacks(nanoTime);
    }

    /** {@return the count of one middleware; as many as operators have set limits} */
    Bulkhead bulkhead(String name) {
        return bulkheads.computeIfAbsent(name, key -> new Bulkhead(nanoTime));
    }

    /** {@return which stacks the log has had lately} */
    ShownStacks stacks() {
        return stacks;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** {@return the task; null if the timer is gone, and the chain with it} */
    ScheduledFuture<?> in(long nanos, Runnable task) {
        try {
            return timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }

    void answer(Runnable answer) {
        try {
            answers.execute(answer);
        } catch (RejectedExecutionException closed) {
            // The container stops and drains no longer: the client's connection is about to be closed.
        }
    }

    /** {@return the calls that are inside their unit past its deadline} */
    Set<Call> stuck() {
        return stuck;
    }
}
