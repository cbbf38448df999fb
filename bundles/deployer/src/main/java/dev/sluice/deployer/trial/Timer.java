package dev.sluice.deployer.trial;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How time passes for trials: a monotonic clock, and what waits by it. Safe for any thread. */
public interface Timer {

    /** The JVM's. */
    Timer REAL = new Timer() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public CompletableFuture<Void> after(Duration time) {
            // The JDK's own timer forgets of it when it is cancelled.
            return new CompletableFuture<Void>().completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    };

    /** {@return the clock's time in nanoseconds; only differences mean something} */
    long nanos();

    /**
     * {@return a future that completes when so much time has passed} To be cancelled by whoever waits no more; what hangs on it
     * runs on a thread that all trials share, and must not wait.
     */
    CompletableFuture<Void> after(Duration time);
}
