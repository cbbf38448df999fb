package dev.sluice.chain.snapshot;

import dev.sluice.chain.snapshot.TripRules.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an operator sets over {@link TripRules}: for all middleware, or for one.
 *
 * @param mode where there is a switch
 * @param share the percentage of failures
 * @param window how far back calls count
 * @param minimum how many calls there must be
 * @param pause how long before a place without a standby is probed
 */
public record TripOverride(
        Optional<Mode> mode,
        Optional<Integer> share,
        Optional<Duration> window,
        Optional<Integer> minimum,
        Optional<Duration> pause) {

    /** Changes nothing. */
    public static final TripOverride NONE =
            new TripOverride(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** {@return these rules with what is set here instead} */
    public TripRules over(TripRules rules) {
        if (this == NONE) {
            return rules;
        }
        return new TripRules(
                mode.orElse(rules.mode()),
                share.orElse(rules.share()),
                window.orElse(rules.window()),
                minimum.orElse(rules.minimum()),
                pause.orElse(rules.pause()));
    }

    List<String> parts() {
        List<String> parts = new ArrayList<>();
        mode.ifPresent(value -> parts.add("trip " + value.name().toLowerCase(Locale.ROOT)));
        share.ifPresent(value -> parts.add("trip.share " + value));
        window.ifPresent(value -> parts.add("trip.window " + value.toMillis() + " ms"));
        minimum.ifPresent(value -> parts.add("trip.minimum " + value));
        pause.ifPresent(value -> parts.add("trip.wait " + value.toMillis() + " ms"));
        return parts;
    }
}
