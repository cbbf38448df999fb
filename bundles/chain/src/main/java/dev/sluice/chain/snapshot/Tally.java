package dev.sluice.chain.snapshot;

import dev.sluice.chain.Figures;
import dev.sluice.chain.LatencyCounts;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/**
 * Counts what one unit has done, from many threads. Nothing waits here: each count is an addition that threads don't fight
 * over. A reader may see a request in one count and not yet in another; the requests are summed from the latencies, so these
 * two always agree.
 *
 * <p>Latencies are counted in eighths of each power of two, from 16 µs to 137 s: no bound is more than an eighth off.
 */
final class Tally {

    private static final int FIRST_POWER = 14;
    private static final int LAST_POWER = 37;
    private static final int EIGHTHS = 3;
    private static final long[] BOUNDS = bounds();

    private final LongAdder failures = new LongAdder();
    private final LongAdder serverErrors = new LongAdder();
    private final LongAdder[] latencies = new LongAdder[BOUNDS.length + 1];

    Tally() {
        Arrays.setAll(latencies, bucket -> new LongAdder());
    }

    private static long[] bounds() {
        LongStream.Builder bounds = LongStream.builder().add(1L << FIRST_POWER);
        for (int power = FIRST_POWER; power < LAST_POWER; power++) {
            for (int eighth = 1; eighth <= 1 << EIGHTHS; eighth++) {
                bounds.add((1L << power) + eighth * (1L << power - EIGHTHS));
            }
        }
        return bounds.build().toArray();
    }

    void count(long nanos, boolean failed, boolean serverError) {
        // First what the others are a part of, so that no share is ever above the whole.
        latencies[bucket(nanos)].increment();
        if (failed) {
            failures.increment();
        }
        if (serverError) {
            serverErrors.increment();
        }
    }

    /** {@return the number of the first bound that isn't below it; of bounds if all are} */
    static int bucket(long nanos) {
        if (nanos <= BOUNDS[0]) {
            return 0;
        }
        if (nanos > BOUNDS[BOUNDS.length - 1]) {
            return BOUNDS.length;
        }
        // A bound is the last of its bucket, hence the one less.
        long last = nanos - 1;
        int power = 63 - Long.numberOfLeadingZeros(last);
        int eighth = (int) (last >>> power - EIGHTHS) & (1 << EIGHTHS) - 1;
        return 1 + (power - FIRST_POWER << EIGHTHS) + eighth;
    }

    Figures figures(Unit unit) {
        // The other way round than they are counted.
        long own = unit.ownAnswers().errors();
        long errors = serverErrors.sum();
        long failed = failures.sum();
        LatencyCounts latency = new LatencyCounts(
                BOUNDS, Arrays.stream(latencies).mapToLong(LongAdder::sum).toArray());
        return new Figures(unit.name(), unit.bundleId(), latency.total(), failed, errors, own, latency);
    }
}
