package dev.sluice.chain.conf;

import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.conf.Durations;
import dev.sluice.conf.Origin;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading of the chain's configuration. What can be read is in force; of a value that can't be, what was in force before
 * stays. A key that doesn't exist may be {@code chain.required} misspelt: while there is one, what was required before is
 * required still, as a slip of the pen must not take protection away.
 *
 * @param ownership who may provide which middleware
 * @param inplaceDrainTimeout how long a change in place waits for running requests
 * @param holdTimeout how long a place is held after the old instance has stopped
 * @param holdLimit how many requests may wait for held places
 * @param required the middleware without which nothing passes, whether deployed or not
 * @param overrideSettle for how long an override's file must be gone until the override is
 * @param trip when trip switches trip that no override says otherwise of
 * @param alarms what is wrong with it, and what comes of that, as sentences
 */
public record Configured(
        Ownership ownership,
        Duration inplaceDrainTimeout,
        Duration holdTimeout,
        int holdLimit,
        Set<String> required,
        Duration overrideSettle,
        TripRules trip,
        List<String> alarms) {

    private static final Logger LOG = LoggerFactory.getLogger(Configured.class);

    public static final Configured DEFAULT = new Configured(
            new Ownership(Map.of()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            1000,
            Set.of(),
            Duration.ofSeconds(3),
            TripRules.DEFAULT,
            List.of());

    private static final Set<String> KEYS = Stream.of(ChainConfiguration.class.getDeclaredMethods())
            .map(Method::getName)
            .map(name -> name.replace('_', '.'))
            .collect(Collectors.toUnmodifiableSet());

    /** What ConfigurationAdmin, Declarative Services and File Install put beside what is written. */
    private static final List<String> NOT_WRITTEN =
            List.of(".", "service.", "component.", "osgi.ds.", "felix.fileinstall.");

    /**
     * Reads a configuration, and logs what is wrong with it, unless that was so before.
     *
     * @param configuration the typed part of it
     * @param properties the whole of it
     * @param before what was in force
     */
    public static Configured of(ChainConfiguration configuration, Map<String, ?> properties, Configured before) {
        String where = Origin.of(properties, "dev.sluice.chain");
        List<String> alarms = new ArrayList<>();
        Reader reader = new Reader(where, alarms);
        Set<String> required = Stream.of(configuration.chain_required().split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> unknown = unknown(properties);
        if (!unknown.isEmpty()) {
            alarms.add(unknownKeys(where, unknown, before.required(), required));
            required.addAll(before.required());
        }
        Configured read = new Configured(
                Ownership.of(properties),
                reader.value(
                        "inplace.drain.timeout",
                        configuration.inplace_drain_timeout(),
                        Durations::parse,
                        before.inplaceDrainTimeout()),
                reader.value("hold.timeout", configuration.hold_timeout(), Durations::parse, before.holdTimeout()),
                reader.value("hold.limit", configuration.hold_limit(), Configured::count, before.holdLimit()),
                Set.copyOf(required),
                reader.value(
                        "override.settle", configuration.override_settle(), Durations::parse, before.overrideSettle()),
                trip(configuration, where, alarms),
                List.copyOf(alarms));
        read.alarms().stream().filter(alarm -> !before.alarms().contains(alarm)).forEach(LOG::error);
        return read;
    }

    private static List<String> unknown(Map<String, ?> properties) {
        return properties.keySet().stream()
                .filter(key -> !KEYS.contains(key) && !Ownership.isKey(key))
                .filter(key -> NOT_WRITTEN.stream().noneMatch(key::startsWith))
                // Declarative Services adds the target of each reference that has one.
                .filter(key -> !key.endsWith(".target"))
                .sorted()
                .toList();
    }

    private static String unknownKeys(String where, List<String> unknown, Set<String> before, Set<String> required) {
        List<String> known = Stream.concat(KEYS.stream(), Stream.of(Ownership.PREFIX + "<middleware>"))
                .sorted()
                .toList();
        String keys = unknown.stream()
                .map(key -> "\"" + key + "\"" + Meant.hint(key, KEYS))
                .collect(Collectors.joining(", "));
        Set<String> kept = new TreeSet<>(before);
        kept.removeAll(required);
        return "In " + where + " " + keys
                + (unknown.size() == 1 ? " is no key, and has no effect." : " are no keys, and have no effect.")
                + (kept.isEmpty()
                        ? ""
                        : " As chain.required may be meant, what it named before is required still: "
                                + String.join(", ", kept) + ".")
                + " Mend it, or take it out. The keys are " + String.join(", ", known) + ".";
    }

    private static TripRules trip(ChainConfiguration configuration, String where, List<String> alarms) {
        Faults faults = new Faults();
        TripRules rules = TripKeys.read(configuration, faults).over(TripRules.DEFAULT);
        faults.all().forEach(fault -> alarms.add("In " + where + " " + fault + ". The default is in force. Mend it."));
        return rules;
    }

    private record Reader(String where, List<String> alarms) {
        <T> T value(String key, String text, Function<String, T> parse, T before) {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                String stays = before instanceof Duration time ? Durations.format(time) : before.toString();
                alarms.add("In " + where + " " + key + ": " + e.getMessage() + ". " + stays + " is in force. Mend it.");
                return before;
            }
        }
    }

    private static int count(String text) {
        String trimmed = text.trim();
        if (!trimmed.matches("\\d{1,7}")) {
            throw new IllegalArgumentException("\"" + text + "\" is no whole number from 0 to 9999999");
        }
        return Integer.parseInt(trimmed);
    }

    /**
     * How long a place is held at the most: the drain, the stop of the old instance, which gets as long as a hold, and the
     * hold itself.
     */
    public Duration longestHold() {
        return inplaceDrainTimeout.plus(holdTimeout).plus(holdTimeout);
    }
}
