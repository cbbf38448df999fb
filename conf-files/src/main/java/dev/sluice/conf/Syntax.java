package dev.sluice.conf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the values of a key are written.
 *
 * @param parse reads one; what it throws says what is allowed
 * @param format writes one so that it is read again as the same
 * @param stricter of what was in force and what is written now that which lets less in; what is written, if neither does
 * @param words all that are allowed, if they can be counted
 */
public record Syntax<T>(
        Function<String, T> parse, Function<T, String> format, BinaryOperator<T> stricter, List<String> words) {

    /** Of one where no value is stricter than another, and that has no words of its own. */
    public Syntax(Function<String, T> parse, Function<T, String> format) {
        this(parse, format, (before, now) -> now, List.of());
    }

    /** {@return a duration} */
    public static Syntax<Duration> duration() {
        return new Syntax<>(Durations::parse, Durations::format);
    }

    /** {@return a duration that isn't zero} */
    public static Syntax<Duration> positiveDuration() {
        return new Syntax<>(
                text -> {
                    Duration duration = Durations.parse(text);
                    if (duration.isZero()) {
                        throw new IllegalArgumentException("it must be 1ms or more");
                    }
                    return duration;
                },
                Durations::format);
    }

    /** {@return a whole number} */
    public static Syntax<Long> number(long least, long most) {
        return new Syntax<>(text -> parseNumber(text, least, most), String::valueOf);
    }

    /** {@return a whole number from one on} */
    public static Syntax<Integer> number(int most) {
        return number(1, most);
    }

    /** {@return a whole number} */
    public static Syntax<Integer> number(int least, int most) {
        return new Syntax<>(text -> Math.toIntExact(parseNumber(text, least, most)), String::valueOf);
    }

    /**
     * {@return one of several words}
     *
     * @param words from the one that lets most in to the one that lets least in
     */
    @SafeVarargs
    public static <T> Syntax<T> oneOf(Map.Entry<String, T>... words) {
        List<String> texts = Stream.of(words).map(Map.Entry::getKey).toList();
        List<T> values = Stream.of(words).map(Map.Entry::getValue).toList();
        return new Syntax<>(
                text -> {
                    if (!texts.contains(text)) {
                        throw new IllegalArgumentException("it is " + String.join(" or ", texts));
                    }
                    return values.get(texts.indexOf(text));
                },
                value -> texts.get(values.indexOf(value)),
                (before, now) -> values.indexOf(before) > values.indexOf(now) ? before : now,
                texts);
    }

    /** {@return names that ask for something: the more of them, the less is let in} */
    public static Syntax<Set<String>> demands() {
        return names(
                (before, now) -> Stream.concat(before.stream(), now.stream()).collect(Collectors.toUnmodifiableSet()));
    }

    /** {@return names that are spared something: the fewer of them, the less is let in} */
    public static Syntax<Set<String>> exemptions() {
        return names((before, now) -> now.stream().filter(before::contains).collect(Collectors.toUnmodifiableSet()));
    }

    private static Syntax<Set<String>> names(BinaryOperator<Set<String>> stricter) {
        return new Syntax<>(
                text -> Stream.of(text.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toUnmodifiableSet()),
                names -> String.join(",", new TreeSet<>(names)),
                stricter,
                List.of());
    }

    private static long parseNumber(String text, long least, long most) {
        String allowed = "it is a whole number from " + least + " to " + most;
        try {
            long number = Long.parseLong(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(allowed);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(allowed, e);
        }
    }
}
