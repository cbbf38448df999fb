package dev.sluice.chain.snapshot;

import dev.sluice.chain.OwnFigures;
import dev.sluice.chain.lease.Stripes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a unit answers itself and what it fails on, from many threads, as long as it is there: so it is known of a unit that
 * nobody has observed whether its successor does worse. Requests that it hands on cost hardly anything here: the first few
 * hundred are counted, as its successor may come soon, and of the others a sample.
 */
final class OwnAnswers {

    /** 2^64 over the golden ratio: multiples of it are spread evenly, whatever the step from one number to the next. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Bits below those that are all zero in one number of {@link OwnFigures#SAMPLE}, which is a power of two. */
    private static final int UNCHOSEN = Long.SIZE - Integer.numberOfTrailingZeros(OwnFigures.SAMPLE);

    /** Written while it is young, and only read from then on. */
    private final AtomicInteger handedOn = new AtomicInteger();

    /** Null until there is something in it, as it is large. Apart for each thread: a chain of many would wait for each other. */
    private volatile Stripes sampled;

    private final LongAdder answers = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /**
     * {@return whether a request that began at a time is one of the sample} What time it is has nothing to do with the request; and of
     * requests that come at regular times, as a load's do, it is one in so many, too.
     */
    static boolean isSampled(long nanos) {
        return nanos * SPREAD >>> UNCHOSEN == 0;
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
            Stripes made = sampled;
            (made == null ? sampled() : made).add(Stripes.own(), 1);
        }
    }

    private synchronized Stripes sampled() {
        if (sampled == null) {
            sampled = new Stripes();
        }
        return sampled;
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
        Stripes made = sampled;
        long inSample = made == null ? 0 : made.sum();
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
