package dev.sluice.chain.conf;

import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.conf.SettingsKeys;
import dev.sluice.conf.SettingsReader;
import dev.sluice.conf.Syntax;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One reading of the chain's configuration. What can be read is in force; of a value that can't be, what was in force before
 * stays, and so does all of it if the file is gone. A key that doesn't exist may be {@code chain.required} misspelt: while there
 * is one, what was required before is required still, as a slip of the pen must not take protection away. Where nobody knows
 * what was required before, nothing new is to come that it may have been meant for.
 *
 * @param ownership who may provide which middleware
 * @param inplaceDrainTimeout how long a change in place waits for running requests
 * @param holdTimeout how long a place is held after the old instance has stopped
 * @param holdLimit how many requests may wait for held places
 * @param required the middleware without which nothing passes, whether deployed or not
 * @param overrideSettle for how long an override's file must be gone until the override is
 * @param trip when trip switches trip that no override says otherwise of
 * @param alarms what is wrong with it, and what comes of that, as sentences
 * @param unread why it isn't known what is required; empty if it is
 */
public record Configured(
        Ownership ownership,
        Duration inplaceDrainTimeout,
        Duration holdTimeout,
        int holdLimit,
        Set<String> required,
        Duration overrideSettle,
        TripRules trip,
        List<String> alarms,
        Optional<String> unread) {

    /** The PID of the chain's configuration. */
    public static final String PID = "dev.sluice.chain";

    public static final Configured DEFAULT = new Configured(
            new Ownership(Map.of()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            1000,
            Set.of(),
            Duration.ofSeconds(3),
            TripRules.DEFAULT,
            List.of(),
            Optional.empty());

    private static final int MOST_HELD = 9_999_999;

    /** What is required, and who may provide it, are the rules. The target is that of a reference. */
    public static final SettingsKeys KEYS = new SettingsKeys(
            PID,
            SettingsKeys.of(ChainConfiguration.class),
            "chain",
            Optional.of(Ownership.PREFIX + "<middleware>"),
            Set.of("watch.target"),
            true,
            "nothing new is let in from the deploy folder");

    /**
     * Reads a configuration.
     *
     * @param written the typed part of it
     * @param properties the whole of it
     * @param reader says what of it is in force; reads nothing else
     */
    public static Configured read(ChainConfiguration written, Map<String, ?> properties, SettingsReader reader) {
        Ownership ownership = Ownership.of(reader.family(Ownership.written(properties)));
        Duration inplaceDrainTimeout = reader.value(
                "inplace.drain.timeout",
                written.inplace_drain_timeout(),
                DEFAULT.inplaceDrainTimeout(),
                Syntax.duration());
        Duration holdTimeout =
                reader.value("hold.timeout", written.hold_timeout(), DEFAULT.holdTimeout(), Syntax.duration());
        int holdLimit =
                reader.value("hold.limit", written.hold_limit(), DEFAULT.holdLimit(), Syntax.number(0, MOST_HELD));
        Set<String> required =
                reader.value("chain.required", written.chain_required(), DEFAULT.required(), Syntax.demands());
        Duration overrideSettle =
                reader.value("override.settle", written.override_settle(), DEFAULT.overrideSettle(), Syntax.duration());
        TripRules trip = TripKeys.read(written, reader);
        reader.end();
        return new Configured(
                ownership,
                inplaceDrainTimeout,
                holdTimeout,
                holdLimit,
                required,
                overrideSettle,
                trip,
                reader.alarms().stream().sorted().toList(),
                reader.unread());
    }

    /**
     * How long a place is held at the most: the drain, the stop of the old instance, which gets as long as a hold, and the
     * hold itself.
     */
    public Duration longestHold() {
        return inplaceDrainTimeout.plus(holdTimeout).plus(holdTimeout);
    }
}
