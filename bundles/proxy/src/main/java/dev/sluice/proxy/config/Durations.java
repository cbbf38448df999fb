package dev.sluice.proxy.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as operators write them. */
final class Durations {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(24);

    private Durations() {}

    /**
     * Parses a duration.
     *
     * @param text for instance {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}
     * @return the duration, at most a day
     * @throws IllegalArgumentException if it is none; the message says what is
     */
    static Duration parse(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no duration: write a number and ms, s, m or h, as in 500ms or 2s");
        }
        long number = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is more than 24h");
        }
        return duration;
    }
}
