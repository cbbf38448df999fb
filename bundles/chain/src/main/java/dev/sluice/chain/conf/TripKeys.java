package dev.sluice.chain.conf;

import dev.sluice.chain.snapshot.TripOverride;
import dev.sluice.chain.snapshot.TripRules.Mode;
import dev.sluice.conf.Durations;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The keys for trip switches, as operators write them: the same for all middleware and for one. */
final class TripKeys {

    private static final Pattern PERCENT = Pattern.compile("\\s*%$");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MANY = 1_000_000;

    private TripKeys() {}

    /** {@return what is set for all middleware} What is wrong is added to the faults, and counts as not set. */
    static TripOverride read(ChainConfiguration keys, Faults faults) {
        Map<String, String> texts = Map.of(
                "trip", keys.trip(),
                "trip.share", keys.trip_share(),
                "trip.window", keys.trip_window(),
                "trip.minimum", keys.trip_minimum(),
                "trip.wait", keys.trip_wait());
        return read(texts::get, faults);
    }

    /** {@return what the texts of the keys set} What is wrong is added to the faults, and counts as not set. */
    static TripOverride read(UnaryOperator<String> texts, Faults faults) {
        return new TripOverride(
                value("trip", texts, TripKeys::mode, faults),
                value("trip.share", texts, text -> number(PERCENT.matcher(text).replaceFirst(""), 100), faults),
                value("trip.window", texts, TripKeys::duration, faults),
                value("trip.minimum", texts, text -> number(text, MANY), faults),
                value("trip.wait", texts, TripKeys::duration, faults));
    }

    private static <T> Optional<T> value(
            String key, UnaryOperator<String> texts, Function<String, T> parse, Faults faults) {
        return faults.value(key + ": ", texts.apply(key), parse);
    }

    private static Mode mode(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on" -> Mode.ON;
            case "off" -> Mode.OFF;
            case "standby" -> Mode.STANDBY;
            default ->
                throw new IllegalArgumentException("it is \"standby\", \"on\" or \"off\", and not \"" + text + "\"");
        };
    }

    private static int number(String text, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("\"" + text + "\" is no whole number from 1 to " + most);
    }

    private static Duration duration(String text) {
        Duration duration = Durations.parse(text);
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is not between 100ms and 1h");
        }
        return duration;
    }
}
