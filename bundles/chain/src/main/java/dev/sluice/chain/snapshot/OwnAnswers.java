package dev.sluice.chain.snapshot;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a unit answers itself, from many threads, as long as it is there: so it is known of a unit that nobody has observed
 * whether answering with errors is what it is for. Requests that it hands on cost nothing here, but for a sample of them.
 */
final class OwnAnswers {

    /** One in so many requests is counted; a power of two. */
    private static final int SAMPLE = 16;

    /** Below the lowest of these bits clocks may be too coarse to choose by. */
    private static final int COARSE = 5;

    /** So many standard deviations less than what the sample says. */
    private static final double CAUTION = 3;

    private final LongAdder sampled = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder errors = new LongAdder();

    /** {@return whether a request that began at a time is one of the sample} What time it is has nothing to do with the request. */
    static boolean isSampled(long nanos) {
        return (nanos >>> COARSE & SAMPLE - 1) == 0;
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

    long errors() {
        return errors.sum();
    }

    /** {@return how many requests there were, at the least} */
    long handled() {
        long seen = sampled.sum();
        return Math.max(answers.sum(), (long) (SAMPLE * (seen - CAUTION * Math.sqrt(seen))));
    }
}
