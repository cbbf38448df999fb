package dev.sluice.chain.snapshot;

import dev.sluice.chain.OwnFigures;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a unit answers itself and what it fails on, from many threads, as long as it is there: so it is known of a unit that
 * nobody has observed whether its successor does worse. Requests that it hands on cost hardly anything here: the first few
 * hundred are counted, as its successor may come soon, and of the others a sample.
 */
final class OwnAnswers {

    /** Below the lowest of these bits clocks may be too coarse to choose by. */
    private static final int COARSE = 5;

    /** Written while it is young, and only read from then on. */
    private final AtomicInteger handedOn = new AtomicInteger();

    private final LongAdder sampled = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** {@return whether a request that began at a time is one of the sample} What time it is has nothing to do with the request. */
    static boolean isSampled(long nanos) {
        return (nanos >>> COARSE & OwnFigures.SAMPLE - 1) == 0;
    }

    /** {@return whether each request that it hands on is counted} */
    boolean isYoung() {
        return handedOn.get() < OwnFigures.EACH;
    }

    void handedOn(boolean isSampled) {
        if (isYoung()) {
            // Some more than that, if several are at it: each is counted here or as one of the sample, never as both.
            handedOn.incrementAndGet();
        } else if (isSampled) {
            sampled.increment();
        }
    }

    void answered(boolean error) {
        answers.increment();
        if (error) {
            errors.increment();
        }
    }

    void failed() {
        failures.increment();
    }

    long errors() {
        return errors.sum();
    }

    OwnFigures figures(Unit unit) {
        // The other way round than they are counted: no share is ever above the whole.
        long bad = errors.sum();
        long inSample = sampled.sum();
        int each = handedOn.get();
        return new OwnFigures(
                unit.name(),
                unit.bundleId(),
                each < OwnFigures.EACH,
                each,
                inSample,
                answers.sum(),
                bad,
                failures.sum());
    }
}
