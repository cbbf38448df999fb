package dev.sluice.chain.trip;

import dev.sluice.chain.snapshot.TripRules;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The calls of one unit within a sliding window, in tenths of it. What began to slide out is dropped a tenth at a time, so
 * it reaches back between nine and ten tenths.
 *
 * <p>Every call of an armed unit counts here, so that is made cheap: a look at the clock and an addition that threads don't
 * fight over. Sums are taken at failures only. They are no moment's picture, but nothing is ever taken from a counter, and a
 * failure is counted as a call first and read first: so no share is too high, and one that is a call too low is told by the
 * next failure.
 */
final class CallWindow {

    /** What had happened within the window. */
    record Count(long calls, long failures) {}

    private static final int SLOTS = 10;

    /** A tenth of the window. It is replaced, never reset: who still holds an old one adds to what nobody reads. */
    private static final class Slot {
        private final long number;
        private final LongAdder calls = new LongAdder();
        private final LongAdder failures = new LongAdder();

        private Slot(long number) {
            this.number = number;
        }
    }

    private final AtomicReferenceArray<Slot> ring = new AtomicReferenceArray<>(SLOTS);
    private final LongSupplier nanoTime;
    private final long start;
    private final long slotNanos;
    private final int minimum;
    private final int share;

    CallWindow(LongSupplier nanoTime, TripRules rules) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.slotNanos = rules.window().toNanos() / SLOTS;
        this.minimum = rules.minimum();
        this.share = rules.share();
        for (int at = 0; at < SLOTS; at++) {
            ring.set(at, new Slot(-1));
        }
    }

    void succeeded() {
        slot(number()).calls.increment();
    }

    /** {@return what had happened within the window, if it is too much} */
    Optional<Count> failed() {
        long number = number();
        Slot slot = slot(number);
        slot.calls.increment();
        slot.failures.increment();
        Count count = count(number);
        return count.calls >= minimum && count.failures * 100 >= share * count.calls
                ? Optional.of(count)
                : Optional.empty();
    }

    private long number() {
        return (nanoTime.getAsLong() - start) / slotNanos;
    }

    /** A thread that was held up after it read the clock may find a later slot here: its call counts there. */
    private Slot slot(long number) {
        int at = (int) (number % SLOTS);
        Slot present = ring.get(at);
        while (present.number < number) {
            Slot next = new Slot(number);
            Slot witness = ring.compareAndExchange(at, present, next);
            if (witness == present) {
                return next;
            }
            present = witness;
        }
        return present;
    }

    private Count count(long now) {
        long failures = 0;
        long calls = 0;
        for (int at = 0; at < SLOTS; at++) {
            Slot slot = ring.get(at);
            if (slot.number > now - SLOTS && slot.number >= 0) {
                failures += slot.failures.sum();
                calls += slot.calls.sum();
            }
        }
        return new Count(calls, failures);
    }
}
