package dev.sluice.unload.witness;

import java.time.Duration;

/**
 * When collections are to be asked for that clear soft references. That may take hours, so it is done after one minute, two, four
 * and eight, and every ten from then on. Used by one thread. Time is in nanoseconds.
 */
final class SeldomAsked {

    private static final long FIRST = Duration.ofMinutes(1).toNanos();
    private static final long LONGEST = Duration.ofMinutes(10).toNanos();

    private long pause;
    private long due;

    void begin(long now) {
        pause = FIRST;
        due = now + pause;
    }

    /** {@return whether the pause is over} */
    boolean isDue(long now) {
        return now - due >= 0;
    }

    /**
     * Collections were asked for, on whoever's behalf: the next pause begins. So those who wait are served together, however many
     * they are.
     */
    void asked(long now) {
        if (isDue(now)) {
            pause = Math.min(LONGEST, 2 * pause);
        }
        due = now + pause;
    }

    /** {@return how long until it is due; for ever if it is, as nothing more comes by itself} */
    long untilDue(long now) {
        return isDue(now) ? Long.MAX_VALUE : due - now;
    }
}
