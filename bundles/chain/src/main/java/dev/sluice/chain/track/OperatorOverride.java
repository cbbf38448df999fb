package dev.sluice.chain.track;

import dev.sluice.chain.limit.Limits;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.snapshot.PlaceOverride;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operator's override, from {@code conf/dev.sluice.middleware-<any>.cfg}: there is a component for each such file. A
 * change of the file changes the component and does not replace it, so there is no moment without the override. A file is
 * taken whole or not at all: half an override could open what the other half was to close.
 */
@Component(
        service = OperatorOverride.class,
        configurationPid = "dev.sluice.middleware",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OperatorOverride.Configuration.class, factory = true)
public final class OperatorOverride {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorOverride.class);

    private static final Set<String> KEYS = Set.of(
            "name",
            "ranking",
            "paths",
            "on.failure",
            "enabled",
            "concurrency.limit",
            "deadline",
            "deadline.interrupt",
            "trip",
            "trip.share",
            "trip.window",
            "trip.minimum",
            "trip.wait");

    /** Factory PID {@code dev.sluice.middleware}. What is left out stays as the middleware itself says. */
    @ObjectClassDefinition(
            name = "Sluice middleware",
            description = "Overrides what a middleware says of itself, without a rebuild")
    @interface Configuration {

        @AttributeDefinition(name = "name", description = "The middleware's name, for instance auth")
        String name();

        @AttributeDefinition(name = "ranking", description = "Higher runs earlier", required = false)
        String ranking() default "";

        @AttributeDefinition(name = "paths", description = "Patterns, separated by commas", required = false)
        String paths() default "";

        @AttributeDefinition(name = "on.failure", description = "closed or open", required = false)
        String on_failure() default "";

        // A text, so that a slip of the pen isn't taken for false, which would take the middleware away.
        @AttributeDefinition(
                name = "enabled",
                type = AttributeType.BOOLEAN,
                description = "Whether it has a place in the chain at all: true or false")
        String enabled() default "true";

        @AttributeDefinition(
                name = "concurrency.limit",
                description = "How many requests it has at a time, at the most; further ones are answered with 503, or"
                        + " pass if it is fail-open",
                required = false)
        String concurrency_limit() default "";

        @AttributeDefinition(
                name = "deadline",
                description =
                        "How long it may have one request, the time in the rest of the chain not counted, as 500ms"
                                + " or 5s; then the client gets 504",
                required = false)
        String deadline() default "";

        @AttributeDefinition(
                name = "deadline.interrupt",
                type = AttributeType.BOOLEAN,
                description = "Whether a thread that is stuck in it at the deadline is interrupted: true or false")
        String deadline_interrupt() default "false";

        @AttributeDefinition(
                name = "trip",
                required = false,
                description =
                        "Where a unit trips: standby (where one can serve instead), on (also where none can), off")
        String trip() default "";

        @AttributeDefinition(
                name = "trip.share",
                required = false,
                description =
                        "The percentage of a unit's calls that trips it, if that many or more fail by its own fault")
        String trip_share() default "";

        @AttributeDefinition(
                name = "trip.window",
                required = false,
                description = "How far back calls count, as 10s or 1m")
        String trip_window() default "";

        @AttributeDefinition(
                name = "trip.minimum",
                required = false,
                description = "How many calls there must be within the window")
        String trip_minimum() default "";

        @AttributeDefinition(
                name = "trip.wait",
                required = false,
                description = "Without a standby, how long the place answers at once before it is probed, as 5s")
        String trip_wait() default "";
    }

    /** A name and what is set over it, exchanged together; the name is empty where nothing was understood yet. */
    private record State(String name, PlaceOverride override) {}

    private volatile State state = new State("", PlaceOverride.NONE);

    /**
     * Reads the override.
     *
     * @param configuration what the operator wrote
     * @param properties all of it
     */
    @Activate
    public OperatorOverride(Configuration configuration, Map<String, Object> properties) {
        read(configuration, properties);
    }

    @Modified
    void modified(Configuration configuration, Map<String, Object> properties) {
        read(configuration, properties);
    }

    private void read(Configuration configuration, Map<String, Object> properties) {
        List<String> faults = new ArrayList<>();
        String name = configuration.name() == null ? "" : configuration.name().trim();
        if (name.isEmpty()) {
            faults.add("it has no name; add the line name=<middleware>");
        }
        unknownKeys(properties)
                .forEach(key -> faults.add(
                        "\"" + key + "\" is no key of it; there are " + String.join(", ", new TreeSet<>(KEYS))));
        PlaceOverride override = new PlaceOverride(
                value(configuration.ranking(), OperatorOverride::ranking, faults),
                value(configuration.paths(), OperatorOverride::patterns, faults),
                value(configuration.on_failure(), Description::failureMode, faults),
                value(configuration.enabled(), text -> truth("enabled", text), faults)
                        .orElse(true),
                limits(configuration, faults),
                TripKeys.read(configuration, faults));
        String file =
                String.valueOf(properties.getOrDefault("felix.fileinstall.filename", properties.get("service.pid")));
        if (faults.isEmpty()) {
            state = new State(name, override);
            LOG.info("override for \"{}\" from {}: {}", name, file, override);
        } else {
            LOG.error(
                    "the override in {} is not taken, and what was in force stays: {}",
                    file,
                    String.join("; ", faults));
        }
    }

    /** ConfigurationAdmin, Declarative Services and File Install put keys of their own beside the operator's. */
    private static List<String> unknownKeys(Map<String, Object> properties) {
        return properties.keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .filter(key -> Stream.of("service.", "component.", "osgi.", "felix.", ".")
                        .noneMatch(key::startsWith))
                .sorted()
                .toList();
    }

    private static int ranking(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the ranking \"" + text + "\" is no whole number");
        }
    }

    private static List<PathPattern> patterns(String text) {
        return Description.patterns(Stream.of(text.split(",")).map(String::trim).toList());
    }

    private static Limits limits(Configuration configuration, List<String> faults) {
        Optional<Duration> deadline = value(configuration.deadline(), OperatorOverride::deadline, faults);
        boolean interrupt = value(configuration.deadline_interrupt(), text -> truth("deadline.interrupt", text), faults)
                .orElse(false);
        return new Limits(
                value(configuration.concurrency_limit(), OperatorOverride::concurrency, faults), deadline, interrupt);
    }

    private static int concurrency(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit > 0) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("the concurrency.limit \"" + text
                + "\" is no whole number from 1 on; to take" + " the middleware away, write enabled=false");
    }

    private static Duration deadline(String text) {
        Duration deadline = Durations.parse(text);
        if (deadline.isZero()) {
            throw new IllegalArgumentException("the deadline \"" + text + "\" leaves no time; leave it out for none");
        }
        return deadline;
    }

    private static boolean truth(String key, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(key + " is \"true\" or \"false\", and not \"" + text + "\"");
        };
    }

    private static <T> Optional<T> value(String text, Function<String, T> parse, List<String> faults) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(text.trim()));
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
            return Optional.empty();
        }
    }

    /** {@return the middleware's name; empty if none of the file could be taken yet} */
    String name() {
        return state.name();
    }

    PlaceOverride override() {
        return state.override();
    }
}
