package dev.sluice.deployer.trial;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A moment on the monotonic clock.
 *
 * @param nanos the moment, as the clock counts
 * @param limit how long it was away when it was set, for messages
 * @param timer has the clock
 */
record Deadline(long nanos, Duration limit, Timer timer) {

    static Deadline in(Duration limit, Timer timer) {
        return new Deadline(timer.nanos() + limit.toNanos(), limit, timer);
    }

    boolean isOver() {
        return left().isZero();
    }

    /** {@return how long it is away; nothing if it is over} */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - timer.nanos()));
    }

    /** {@return a future that completes when a time has passed, or earlier if it is over before; see {@link Timer#after}} */
    CompletableFuture<Void> after(Duration time) {
        Duration left = left();
        return timer.after(left.compareTo(time) < 0 ? left : time);
    }
}
