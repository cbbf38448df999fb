package dev.sluice.chain.conf;

import dev.sluice.chain.split.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of an operator's file of a traffic rule. What is in force by it the chain's roster knows.
 *
 * @param name how operators call it
 * @param seen what it says, or said when it was last there
 * @param about what its rule is for, as far as that can be told
 * @param says its rule; empty if it has a mistake in it
 * @param before the last good rule, from before a restart, or from the file whose place it has taken
 * @param faults what is wrong with it
 * @param goneAt when it was found gone, on a monotonic clock; empty while it is there
 */
record TrafficFile(
        String name,
        Map<String, String> seen,
        Rule.Subject about,
        Optional<Rule> says,
        Optional<Rule> before,
        List<String> faults,
        OptionalLong goneAt) {

    static TrafficFile read(String name, TrafficReading reading, Optional<Rule> before) {
        return new TrafficFile(
                name, reading.texts(), reading.about(), reading.rule(), before, reading.faults(), OptionalLong.empty());
    }

    boolean isGone() {
        return goneAt.isPresent();
    }

    TrafficFile gone(long now) {
        return new TrafficFile(name, seen, about, says, before, faults, OptionalLong.of(now));
    }

    TrafficFile back() {
        return new TrafficFile(name, seen, about, says, before, faults, OptionalLong.empty());
    }

    /** In the place of another file, which is gone. */
    TrafficFile adopting(Rule rule) {
        return new TrafficFile(name, seen, about, says, Optional.of(rule), faults, goneAt);
    }
}
