package dev.sluice.chain.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bounds that an operator sets on one middleware.
 *
 * @param concurrency how many requests it has at a time, at the most
 * @param deadline how long it has one request, the time in the rest of the chain not counted
 * @param interrupt whether a thread that is stuck in it at the deadline is interrupted
 */
public record Limits(Optional<Integer> concurrency, Optional<Duration> deadline, boolean interrupt) {

    /** No bounds. */
    public static final Limits NONE = new Limits(Optional.empty(), Optional.empty(), false);

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        concurrency.ifPresent(value -> parts.add("concurrency.limit " + value));
        deadline.ifPresent(value -> parts.add("deadline " + value.toMillis() + "ms"));
        if (interrupt) {
            parts.add("deadline.interrupt true");
        }
        return parts.isEmpty() ? "no limits" : String.join(", ", parts);
    }
}
