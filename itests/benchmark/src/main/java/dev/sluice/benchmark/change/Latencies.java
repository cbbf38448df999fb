package dev.sluice.benchmark.change;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * From the finished copy to the first answer of the new version, in milliseconds.
 *
 * @param millis sorted, of all versions; of one that was never seen it took longer than so
 * @param neverSeen how many were not, as the next one came before
 */
record Latencies(List<Long> millis, int neverSeen) {

    /**
     * Looks them up. Without those that were never seen the slowest would be missing.
     *
     * @param complete for each version, when it was there, in their order
     * @param firstSeen for each that was seen, when it was
     * @param after how long after the last one it was looked for
     */
    static Latencies of(Map<String, Long> complete, Map<String, Long> firstSeen, Duration after) {
        List<String> versions = List.copyOf(complete.keySet());
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            long there = complete.get(versions.get(i));
            Long seen = firstSeen.get(versions.get(i));
            if (seen == null) {
                boolean isLast = i + 1 == versions.size();
                millis.add(isLast ? after.toMillis() : complete.get(versions.get(i + 1)) - there);
            } else {
                // A look at the clock on either side: by a hair the answer may be there before the copy is noted.
                millis.add(Math.max(0, seen - there));
            }
        }
        Collections.sort(millis);
        int seen = (int) versions.stream().filter(firstSeen::containsKey).count();
        return new Latencies(List.copyOf(millis), versions.size() - seen);
    }

    /** {@return what so many of a hundred took at the most} */
    double quantile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * millis.size());
        return millis.get(Math.max(0, rank - 1));
    }
}
