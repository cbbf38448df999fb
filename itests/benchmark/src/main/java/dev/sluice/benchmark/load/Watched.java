package dev.sluice.benchmark.load;

import java.util.Map;

/**
 * What a load has seen of the versions that answered.
 *
 * @param outcome what any load sees
 * @param unfiltered how many answers with 200 lacked the header of one of the two filters
 * @param mixed how many had two versions' headers
 * @param statuses how many answers had which status; 0 for a connection that broke off
 * @param firstSeen for each version, when it was first seen, by the machine's clock in milliseconds: both processes read the same
 */
public record Watched(
        Outcome outcome, long unfiltered, long mixed, Map<Integer, Long> statuses, Map<String, Long> firstSeen) {

    /** {@return how many requests were not as they should be} */
    public long wrong() {
        return outcome.failed() + unfiltered + mixed;
    }
}
