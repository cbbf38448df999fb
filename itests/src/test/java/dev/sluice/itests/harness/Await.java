package dev.sluice.itests.harness;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for something observable, looked at again and again until a deadline. */
public final class Await {

    /** Long enough for a busy build machine; a condition that holds is seen within one look. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private Await() {}

    /** Waits until the assertions pass; at the deadline fails with what the last look said. */
    public static void until(Look assertions) {
        until(PATIENCE, assertions);
    }

    /** As {@link #until(Look)}, with a deadline. */
    public static void until(Duration patience, Look assertions) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                assertions.look();
                return;
            } catch (Throwable notYet) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("not seen within " + patience + ": " + notYet.getMessage(), notYet);
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        }
    }

    /** Waits until there is a value, and returns it. */
    public static <T> T value(String what, Callable<Optional<T>> look) {
        Object[] found = new Object[1];
        until(() -> found[0] = look.call().orElseThrow(() -> new AssertionError("still no " + what)));
        @SuppressWarnings("unchecked")
        T value = (T) found[0];
        return value;
    }

    /** Fails as soon as an assertion does within the time: for what must stay as it is. */
    public static void always(Duration time, Look assertions) {
        long deadline = System.nanoTime() + time.toNanos();
        do {
            try {
                assertions.look();
            } catch (Error | RuntimeException failed) {
                throw failed;
            } catch (Throwable failed) {
                throw new AssertionError(failed);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        } while (System.nanoTime() - deadline < 0);
    }

    /** One look: passes, or throws what it saw instead. */
    @FunctionalInterface
    public interface Look {

        /** Looks. */
        void look() throws Throwable;
    }
}
