package dev.sluice.deployer.integrity;

import dev.sluice.deployer.artifact.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Runs what asks the checks of others, each file on a thread of its own, because they may throw anything, and may hang. Only so
 * many run at the same time; one that was given up doesn't count, though its thread may hang on. Safe for any thread.
 */
final class Inquiries {

    private final Deque<Inquiry> waiting = new ArrayDeque<>();
    private int free;

    /** @param limit how many run at the same time */
    Inquiries(int limit) {
        this.free = limit;
    }

    /**
     * Begins to inspect a file.
     *
     * @param steps what is done, on another thread; returns the verdict
     * @return the verdict, when it is known; whoever cancels it ends the inspection
     */
    CompletableFuture<Verdict> begin(String file, Function<Inquiry, Verdict> steps) {
        Inquiry inquiry = new Inquiry(file, steps);
        inquiry.verdict().whenComplete((verdict, never) -> ended(inquiry));
        synchronized (this) {
            waiting.add(inquiry);
        }
        callUp();
        return inquiry.verdict();
    }

    private void ended(Inquiry inquiry) {
        synchronized (this) {
            // One that was cancelled before its turn never had one.
            if (!waiting.remove(inquiry)) {
                free++;
            }
        }
        callUp();
    }

    private void callUp() {
        while (true) {
            Inquiry next;
            synchronized (this) {
                if (free == 0 || waiting.isEmpty()) {
                    return;
                }
                free--;
                next = waiting.remove();
            }
            // Outside of the lock: it may end at once, and come here again.
            next.start();
        }
    }
}
