package dev.sluice.chain.snapshot;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting that ends: at the deadline and not before, whoever interrupts. */
public final class Bounded {

    private Bounded() {}

    /**
     * Blocks until a future is complete, or the deadline has passed. An interrupt doesn't end it, as what waits here stands
     * between a request and the stop of the bundle that serves it; the thread's interrupt is kept for later.
     *
     * @param future the future; one that never completes exceptionally
     * @param deadline how long from now to wait at the most
     * @return whether it is complete
     */
    public static boolean await(CompletableFuture<?> future, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return true;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    return future.isDone();
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
