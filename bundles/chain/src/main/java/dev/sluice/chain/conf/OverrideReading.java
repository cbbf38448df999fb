package dev.sluice.chain.conf;

import dev.sluice.chain.limit.Limits;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.snapshot.PlaceOverride;
import dev.sluice.chain.snapshot.Spec;
import dev.sluice.conf.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One reading of an operator's override. It is taken whole or not at all: half an override could open what the other half was
 * to close.
 */
final class OverrideReading {

    private final Written written;
    private final Faults faults = new Faults();
    private final OperatorOverride read;

    /**
     * Reads it.
     *
     * @param properties what the operator wrote, with what ConfigurationAdmin and File Install put beside it
     */
    OverrideReading(Map<String, Object> properties) {
        this.written = new Written(properties, OverrideConfiguration.class);
        String name = text("name");
        if (name.isBlank()) {
            faults.add("it has no name; add the line name=<middleware>");
        }
        written.strange().forEach(faults::add);
        this.read = new OperatorOverride(
                name.trim(),
                new PlaceOverride(
                        faults.value(text("ranking"), OverrideReading::ranking),
                        faults.value(text("paths"), OverrideReading::patterns),
                        faults.value(text("on.failure"), Spec::failureMode),
                        truth("enabled", true),
                        limits(),
                        TripKeys.read(this::text, faults)));
    }

    /** {@return what is wrong with it, as sentences; none if it can be taken} */
    List<String> faults() {
        return faults.all();
    }

    /** {@return what it says; to be taken only if there are no faults} */
    OperatorOverride read() {
        return read;
    }

    /** {@return what is written, as texts} */
    Map<String, String> texts() {
        return written.texts();
    }

    private String text(String key) {
        return written.text(key);
    }

    /**
     * {@return what closes the place of its middleware, while nobody knows what it was to be} What can be told of the paths
     * counts; if they may be what is wrong, all are closed.
     */
    PlaceOverride blocking() {
        Optional<List<PathPattern>> paths = read.override().paths();
        boolean ownPaths = text("paths").isBlank() && written.strange().isEmpty();
        return PlaceOverride.blocking(
                paths.isPresent() || ownPaths ? paths : Optional.of(List.of(PathPattern.parse("/*"))));
    }

    private static int ranking(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the ranking \"" + text + "\" is no whole number");
        }
    }

    private static List<PathPattern> patterns(String text) {
        return Spec.patterns(List.of(text.split(",")));
    }

    private Limits limits() {
        return new Limits(
                faults.value(text("concurrency.limit"), OverrideReading::concurrency),
                faults.value(text("deadline"), OverrideReading::deadline),
                truth("deadline.interrupt", false));
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
                + "\" is no whole number from 1 on; to take the middleware away, write enabled=false");
    }

    private static Duration deadline(String text) {
        Duration deadline = Durations.parse(text);
        if (deadline.isZero()) {
            throw new IllegalArgumentException("the deadline \"" + text + "\" leaves no time; leave it out for none");
        }
        return deadline;
    }

    private boolean truth(String key, boolean otherwise) {
        return faults.value(text(key), text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new IllegalArgumentException(key + " is \"true\" or \"false\", and not \"" + text + "\"");
                })
                .orElse(otherwise);
    }
}
