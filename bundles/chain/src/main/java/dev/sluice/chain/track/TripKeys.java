package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.TripOverride;
import dev.sluice.chain.snapshot.TripRules.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The keys for trip switches, as operators write them: the same for all middleware and for one. */
final class TripKeys {

    private static final Pattern PERCENT = Pattern.compile("\\s*%$");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MANY = 1_000_000;

    private TripKeys() {}

    /** {@return what is set for all middleware} What is wrong is added to the faults, and counts as not set. */
    static TripOverride read(ChainConfiguration keys, List<String> faults) {
        return read(keys.trip(), keys.trip_share(), keys.trip_window(), keys.trip_minimum(), keys.trip_wait(), faults);
    }

    /** {@return what is set for one middleware} What is wrong is added to the faults, and counts as not set. */
    static TripOverride read(OperatorOverride.Configuration keys, List<String> faults) {
        return read(keys.trip(), keys.trip_share(), keys.trip_window(), keys.trip_minimum(), keys.trip_wait(), faults);
    }

    private static TripOverride read(
            String mode, String share, String window, String minimum, String pause, List<String> faults) {
        return new TripOverride(
                value("trip", mode, TripKeys::mode, faults),
                value("trip.share", share, text -> number(PERCENT.matcher(text).replaceFirst(""), 100), faults),
                value("trip.window", window, TripKeys::duration, faults),
                value("trip.minimum", minimum, text -> number(text, MANY), faults),
                value("trip.wait", pause, TripKeys::duration, faults));
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

    private static <T> Optional<T> value(String key, String text, Function<String, T> parse, List<String> faults) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(text.trim()));
        } catch (IllegalArgumentException e) {
            faults.add(key + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
