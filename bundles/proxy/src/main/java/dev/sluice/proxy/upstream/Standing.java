package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.Ejection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Whether an upstream is ejected, by how requests have gone there. So many failures in a row eject it. When its time is up
 * one request probes it: if that goes well it's in use again, else it is ejected for twice as long. A probe that takes its
 * time (it may be a download) is not waited for longer than the first ejection lasted; then there is another one.
 *
 * <p>What ends is judged by when it began: a request from before the ejection says nothing about it.
 *
 * <p>Safe for use by many threads, and none waits: the state is one immutable value, replaced by compare-and-set.
 */
final class Standing {

    static final Duration LONGEST = Duration.ofMinutes(5);

    /**
     * One state.
     *
     * @param failures how many in a row, while it is in use
     * @param ejections how many in a row; 0 while it is in use
     * @param until when a probe, or the next one, may be made
     */
    private record State(int failures, int ejections, long until) {}

    private static final State FINE = new State(0, 0, 0);

    /** What a request found when it began: to be given back with its end. */
    record Began(int ejections, boolean probe) {}

    private final Ejection rules;
    private final LongSupplier nanoTime;
    private final AtomicReference<State> state = new AtomicReference<>(FINE);

    Standing(Ejection rules, LongSupplier nanoTime) {
        this.rules = rules;
        this.nanoTime = nanoTime;
    }

    /** {@return whether it gets no request. Due for a probe it does, however long it is until one comes} */
    boolean isEjected() {
        return !admits();
    }

    /** {@return whether it may get a request: it is in use, or due for a probe} */
    boolean admits() {
        State now = state.get();
        return now.ejections == 0 || isDue(now, nanoTime.getAsLong());
    }

    Began begin() {
        long time = nanoTime.getAsLong();
        State before = state.getAndUpdate(now -> isDue(now, time)
                ? new State(0, now.ejections, time + rules.time().toNanos())
                : now);
        return new Began(before.ejections, isDue(before, time));
    }

    private static boolean isDue(State now, long time) {
        return now.ejections > 0 && time - now.until >= 0;
    }

    /** {@return whether it is in use again because of this} */
    boolean succeeded(Began began) {
        // Where all are out, requests go there all the same; one that goes well needs no probe to tell.
        State before = state.getAndUpdate(now -> now.ejections <= began.ejections ? FINE : now);
        return before.ejections > 0 && before.ejections <= began.ejections;
    }

    /** {@return for how long it is ejected, if it is because of this} */
    Optional<Duration> failed(Began began) {
        long time = nanoTime.getAsLong();
        UnaryOperator<State> next = now -> {
            if (rules.failures() == 0 || now.ejections != began.ejections) {
                return now;
            }
            boolean out = now.ejections > 0 ? began.probe : now.failures + 1 >= rules.failures();
            if (out) {
                return new State(
                        0, now.ejections + 1, time + duration(now.ejections).toNanos());
            }
            return now.ejections > 0 ? now : new State(now.failures + 1, 0, 0);
        };
        // The earlier state tells whether it was this call that changed it: later ones find another number of
        // ejections.
        State before = state.getAndUpdate(next);
        return next.apply(before).ejections > before.ejections
                ? Optional.of(duration(before.ejections))
                : Optional.empty();
    }

    void abandoned(Began began) {
        if (began.probe) {
            long time = nanoTime.getAsLong();
            state.updateAndGet(now -> now.ejections == began.ejections ? new State(0, now.ejections, time) : now);
        }
    }

    private Duration duration(int ejections) {
        Duration longest = rules.time().compareTo(LONGEST) > 0 ? rules.time() : LONGEST;
        Duration duration = rules.time();
        for (int i = 0; i < ejections && duration.compareTo(longest) < 0; i++) {
            duration = duration.multipliedBy(2);
        }
        return duration.compareTo(longest) < 0 ? duration : longest;
    }
}
