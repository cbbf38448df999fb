package dev.sluice.unload.managed;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long tasks are awaited: each bundle's for as long as is configured; but when the container stops, all of them together for a
 * time that its stop can bear, as it stops one bundle after another. Safe to call from any thread: its monitor guards the beginning.
 */
public final class StopBudget implements TaskRules {

    /** For all bundles: a stop doesn't wait for one of them for more than ten. */
    private static final Duration MOST = Duration.ofSeconds(5);

    /** When the time is over: a task that heeds the interrupt needs a moment to end. */
    private static final Duration LEAST = Duration.ofMillis(100);

    private final Supplier<Duration> configured;
    private final BooleanSupplier stopping;
    private final LongSupplier nanos;

    // Guarded by this.
    private boolean begun;
    private long since;

    /**
     * @param configured how long a bundle's tasks are awaited while the container goes on
     * @param stopping whether the container stops
     * @param nanos the clock that measures, in nanoseconds
     */
    public StopBudget(Supplier<Duration> configured, BooleanSupplier stopping, LongSupplier nanos) {
        this.configured = configured;
        this.stopping = stopping;
        this.nanos = nanos;
    }

    @Override
    public Duration tasksTimeout() {
        return stopping.getAsBoolean() ? between(Duration.ZERO, left(), configured.get()) : configured.get();
    }

    @Override
    public Duration afterInterrupt() {
        return stopping.getAsBoolean()
                ? between(LEAST, left().plus(AFTER_INTERRUPT), AFTER_INTERRUPT)
                : AFTER_INTERRUPT;
    }

    /** {@return what is left for all; below zero if it is over. It begins when it is asked for first} */
    private synchronized Duration left() {
        long now = nanos.getAsLong();
        if (!begun) {
            begun = true;
            since = now;
        }
        return MOST.minusNanos(now - since);
    }

    private static Duration between(Duration least, Duration time, Duration most) {
        Duration shorter = time.compareTo(most) < 0 ? time : most;
        return shorter.compareTo(least) < 0 ? least : shorter;
    }
}
