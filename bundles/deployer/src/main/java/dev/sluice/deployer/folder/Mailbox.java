package dev.sluice.deployer.folder;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where other threads leave word for the watch's thread. It holds names, not messages, so however much happens while a
 * batch is handled, it stays as small as the folder; and the next steps of what is under way, of which each deployment has
 * one at the most. Safe for any thread.
 */
final class Mailbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();

    // All guarded by the lock.
    private boolean everything;
    private boolean closed;
    private Set<String> touched = new HashSet<>();
    private Set<String> forgotten = new HashSet<>();
    private List<CompletableFuture<Void>> asked = new ArrayList<>();
    private List<Runnable> steps = new ArrayList<>();

    void touched(String file) {
        post(() -> touched.add(file));
    }

    void forget(String file) {
        post(() -> forgotten.add(file));
    }

    void compareEverything() {
        post(() -> everything = true);
    }

    void step(Runnable step) {
        post(() -> steps.add(step));
    }

    /** With its request, so that no turn completes it that didn't know of it. */
    CompletableFuture<Void> ask() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        post(() -> {
            everything = true;
            asked.add(done);
            if (closed) {
                done.cancel(false);
            }
        });
        return done;
    }

    void close() {
        post(() -> closed = true);
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void post(Runnable change) {
        lock.lock();
        try {
            change.run();
            something.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@return what was left since the last time; waits for it, but no longer than so many nanoseconds} */
    Changes await(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && isEmpty()) {
                left = something.awaitNanos(left);
            }
            return taken();
        } catch (InterruptedException e) {
            // Nobody of ours interrupts this thread: a batch in work must not be torn. Whoever did meant it to look up.
            return taken();
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return !everything && !closed && touched.isEmpty() && forgotten.isEmpty() && steps.isEmpty();
    }

    private Changes taken() {
        Changes changes = new Changes(everything, touched, forgotten, asked, steps);
        everything = false;
        touched = new HashSet<>();
        forgotten = new HashSet<>();
        asked = new ArrayList<>();
        steps = new ArrayList<>();
        return changes;
    }

    /** Nothing is due before that anyway, and the sum of two such may not overflow. */
    static long bounded(long nanos) {
        return Math.min(nanos, TimeUnit.HOURS.toNanos(1));
    }
}
