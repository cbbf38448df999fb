package dev.sluice.benchmark.change;

import java.util.List;
import java.util.Map;

/**
 * From the finished copy to the first answer of the new version, in milliseconds.
 *
 * @param millis sorted, of the versions that were seen
 * @param neverSeen how many were not, as the next one came before
 */
record Latencies(List<Long> millis, int neverSeen) {

    static Latencies of(Map<String, Long> complete, Map<String, Long> firstSeen) {
        List<Long> millis = complete.entrySet().stream()
                .filter(entry -> firstSeen.containsKey(entry.getKey()))
                // A look at the clock on either side: by a hair the answer may be there before the copy is noted.
                .map(entry -> Math.max(0, firstSeen.get(entry.getKey()) - entry.getValue()))
                .sorted()
                .toList();
        return new Latencies(millis, complete.size() - millis.size());
    }

    /** {@return what so many of a hundred took at the most} */
    double quantile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * millis.size());
        return millis.get(Math.max(0, rank - 1));
    }
}
