package dev.sluice.chain.snapshot;

import dev.sluice.chain.OwnFigures;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a unit answers itself and what it fails on, from many threads, as long as it is there: so it is known of a unit that
 * nobody has observed whether its successor does worse. Requests that it hands on cost nothing here, but for a sample of them.
 */
final class OwnAnswers {

    /** Below the lowest of these bits clocks may be too coarse to choose by. */
    private static final int COARSE = 5;

    private final LongAdder sampled = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** {@return whether a request that began at a time is one of the sample} What time it is has nothing to do with the request. */
    static boolean isSampled(long nanos) {
        return (nanos >>> COARSE & OwnFigures.SAMPLE - 1) == 0;
    }

    void sampled() {
        sampled.increment();
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
        return new OwnFigures(unit.name(), unit.bundleId(), sampled.sum(), answers.sum(), bad, failures.sum());
    }
}
