package dev.sluice.benchmark.load;

import java.util.Map;

/**
 * What a load has seen of the versions that answered.
 *
 * @param outcome what any load sees
 * @param unfiltered how many answers with 200 lacked the header of one of the two filters
 * @param mixed how many had two versions' headers, or one filter's twice
 * @param statuses how many answers had which status, of those that weren't to have it; 0 for a connection that broke off before
 * @param failingMillis for how long some request failed, in steps of 10 ms
 * @param sentAgain how many requests were sent a second time, as the server had closed their connection between two
 * @param firstSeen for each version, when it first answered as it should, by the machine's clock in milliseconds: both processes
 *     read the same
 */
public record Watched(
        Outcome outcome,
        long unfiltered,
        long mixed,
        Map<Integer, Long> statuses,
        long failingMillis,
        long sentAgain,
        Map<String, Long> firstSeen) {

    private static final int OK = 200;

    /** {@return how many requests were not as they should be} */
    public long wrong() {
        return outcome.failed() + unfiltered + mixed;
    }

    /** {@return how many were answered with 200, or began to be, where none was to be} */
    public long letThrough() {
        return statuses.getOrDefault(OK, 0L);
    }
}
