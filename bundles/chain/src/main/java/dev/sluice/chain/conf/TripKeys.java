package dev.sluice.chain.conf;

import dev.sluice.chain.snapshot.TripOverride;
import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.chain.snapshot.TripRules.Mode;
import dev.sluice.conf.Durations;
import dev.sluice.conf.SettingsReader;
import dev.sluice.conf.Syntax;
import java.time.Duration;
import java.util.Locale;
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

    /** {@return what is in force for all middleware} */
    static TripRules read(ChainConfiguration keys, SettingsReader reader) {
        TripRules standard = TripRules.DEFAULT;
        return new TripRules(
                reader.value(
                        "trip", keys.trip(), standard.mode(), syntax(TripKeys::mode, standard.mode(), TripKeys::word)),
                reader.value(
                        "trip.share",
                        keys.trip_share(),
                        standard.share(),
                        syntax(TripKeys::share, standard.share(), String::valueOf)),
                reader.value(
                        "trip.window",
                        keys.trip_window(),
                        standard.window(),
                        syntax(TripKeys::duration, standard.window(), Durations::format)),
                reader.value(
                        "trip.minimum",
                        keys.trip_minimum(),
                        standard.minimum(),
                        syntax(TripKeys::minimum, standard.minimum(), String::valueOf)),
                reader.value(
                        "trip.wait",
                        keys.trip_wait(),
                        standard.pause(),
                        syntax(TripKeys::duration, standard.pause(), Durations::format)));
    }

    /** What is left blank isn't set. */
    private static <T> Syntax<T> syntax(Function<String, T> parse, T standard, Function<T, String> format) {
        return new Syntax<>(text -> text.isBlank() ? standard : parse.apply(text), format);
    }

    private static String word(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /** {@return what the texts of the keys set} What is wrong is added to the faults, and counts as not set. */
    static TripOverride read(UnaryOperator<String> texts, Faults faults) {
        return new TripOverride(
                value("trip", texts, TripKeys::mode, faults),
                value("trip.share", texts, TripKeys::share, faults),
                value("trip.window", texts, TripKeys::duration, faults),
                value("trip.minimum", texts, TripKeys::minimum, faults),
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

    private static int share(String text) {
        return number(PERCENT.matcher(text).replaceFirst(""), 100);
    }

    private static int minimum(String text) {
        return number(text, MANY);
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
