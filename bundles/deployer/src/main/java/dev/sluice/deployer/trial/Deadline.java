package dev.sluice.deployer.trial;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A moment on the monotonic clock.
 *
 * @param nanos the moment, as the clock counts
 * @param limit how long it was away when it was set, for messages
 * @param clock the clock
 */
record Deadline(long nanos, Duration limit, LongSupplier clock) {

    static Deadline in(Duration limit, LongSupplier clock) {
        return new Deadline(clock.getAsLong() + limit.toNanos(), limit, clock);
    }

    boolean isOver() {
        return nanos - clock.getAsLong() <= 0;
    }

    /** {@return how long it is away, in milliseconds; 0 if it is over} */
    long leftMillis() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos - clock.getAsLong()));
    }
}
