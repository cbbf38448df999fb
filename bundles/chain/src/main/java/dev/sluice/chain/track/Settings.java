package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.Chain;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What operators have configured for the chain, as it is now. */
final class Settings {

    private volatile Ownership ownership;
    private volatile Duration inplaceDrainTimeout;

    Settings(Ownership ownership, Duration inplaceDrainTimeout) {
        this.ownership = ownership;
        this.inplaceDrainTimeout = inplaceDrainTimeout;
    }

    void set(Ownership ownership, Duration inplaceDrainTimeout) {
        this.ownership = ownership;
        this.inplaceDrainTimeout = inplaceDrainTimeout;
    }

    Ownership ownership() {
        return ownership;
    }

    /** Blocks until no request holds a unit of the bundle that has left, or until the deadline for changes in place. */
    void awaitDrain(Chain chain, long bundleId) {
        await(chain.drain(bundleId, inplaceDrainTimeout));
    }

    /** Lets no request in any more, and blocks until all are complete, or until the deadline for changes in place. */
    void awaitRefused(Chain chain) {
        await(chain.refuse().completeOnTimeout(null, inplaceDrainTimeout.toNanos(), TimeUnit.NANOSECONDS));
    }

    private static void await(CompletableFuture<?> bounded) {
        boolean interrupted = false;
        while (!bounded.isDone()) {
            try {
                bounded.get();
            } catch (InterruptedException e) {
                // It has a deadline, and a bundle stopped under its requests is what it is there to prevent.
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
