package dev.sluice.proxy.config;

import dev.sluice.conf.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The entries of a route's file, asked for one by one; what is wrong with them is gathered. Used by one thread. */
final class Entries {

    private static final Duration LONGEST = Duration.ofHours(24);

    private final Map<String, String> texts;
    private final List<String> faults = new ArrayList<>();

    Entries(Map<String, String> texts) {
        this.texts = texts;
        faults.addAll(RouteKeys.faults(texts.keySet()));
    }

    /**
     * {@return the entries that an operator wrote, as texts}
     *
     * @param properties a configuration's; a console may have made numbers or arrays of them
     */
    static Map<String, String> texts(Map<String, ?> properties) {
        Map<String, String> texts = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (RouteKeys.isWritten(key)) {
                texts.put(key, text(value).trim());
            }
        });
        return texts;
    }

    private static String text(Object value) {
        if (value instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value instanceof Object[] several
                ? Arrays.stream(several).map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    void fault(String fault) {
        faults.add(fault);
    }

    boolean has(String key) {
        return !texts.getOrDefault(key, "").isEmpty();
    }

    /** {@return what the parser makes of the entry; empty if it isn't there, or is wrong, which becomes a fault} */
    <T> Optional<T> value(String key, Function<String, T> parse) {
        if (!has(key)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(texts.get(key)));
        } catch (IllegalArgumentException e) {
            faults.add(key + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    <T> List<T> required(String key, Function<String, List<T>> parse, String example) {
        if (!has(key)) {
            faults.add("it has no " + key + "; add a line like " + key + " = " + example);
            return List.of();
        }
        return value(key, parse).orElse(List.of());
    }

    /** A duration that may not be zero. */
    Duration time(String key, Duration otherwise) {
        return value(key, text -> {
                    Duration time = duration(text);
                    if (time.isZero()) {
                        throw new IllegalArgumentException("\"" + text + "\" leaves no time");
                    }
                    return time;
                })
                .orElse(otherwise);
    }

    /** A duration; zero, which may be written, is any time. */
    Duration timeOrAny(String key) {
        return value(key, Entries::duration).orElse(Duration.ZERO);
    }

    private static Duration duration(String text) {
        Duration duration = Durations.parse(text);
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is more than 24h");
        }
        return duration;
    }

    int number(String key, int least, int most, int otherwise) {
        return value(key, text -> number(text, least, most)).orElse(otherwise);
    }

    int percent(String key, int otherwise) {
        return value(key, text -> number(text.replaceFirst("\\s*%$", ""), 0, 100))
                .orElse(otherwise);
    }

    private static int number(String text, int least, int most) {
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is no whole number from " + least + " to " + most);
    }

    boolean truth(String key, boolean otherwise) {
        return value(key, text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("it is true or false, and not \"" + text + "\"");
                })
                .orElse(otherwise);
    }

    /** One of a few words. */
    <T> T oneOf(String key, Map<String, T> words, T otherwise) {
        return value(key, text -> Stream.of(text.toLowerCase(Locale.ROOT))
                        .filter(words::containsKey)
                        .map(words::get)
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("it is "
                                + words.keySet().stream().sorted().collect(Collectors.joining(" or ")) + ", and not \""
                                + text + "\"")))
                .orElse(otherwise);
    }
}
