package dev.sluice.itests.harness;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How long the tests go on, beyond what every build does: {@code -Dsluice.soak=90s}, {@code 30m}, {@code 2h} for a time, or a
 * plain number for so many rounds. The seed is printed, and taken from {@code -Dsluice.soak.seed}.
 *
 * @param limit how many rounds at most
 * @param time for how long new ones begin
 * @param seed of what is random
 */
public record Soak(int limit, Duration time, long seed) {

    private static final Pattern TIME = Pattern.compile("(\\d+)([smh])");
    private static final Duration UNBOUNDED = Duration.ofDays(365);

    /** {@return whether anything was asked for} */
    public static boolean isAsked() {
        return !System.getProperty("sluice.soak", "").isBlank();
    }

    /** {@return whether what says nothing about a JDK is to run here, too: a build runs it on the first one only} */
    public static boolean isOnEveryJava() {
        return isAsked() || !"one-java".equals(System.getProperty("it.excluded"));
    }

    /** {@return what was asked for, if anything was} */
    public static Optional<Soak> asked() {
        if (!isAsked()) {
            return Optional.empty();
        }
        String text = System.getProperty("sluice.soak");
        long seed = Long.getLong("sluice.soak.seed", System.nanoTime());
        System.out.println("soak " + text + ", again with -Dsluice.soak.seed=" + seed);
        Matcher time = TIME.matcher(text.strip());
        return Optional.of(
                time.matches()
                        ? new Soak(Integer.MAX_VALUE, duration(time), seed)
                        : new Soak(Integer.parseInt(text.strip()), UNBOUNDED, seed));
    }

    private static Duration duration(Matcher time) {
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** {@return a source of what is random} */
    public Random random() {
        return new Random(seed);
    }

    /** {@return the numbers of the rounds, from 1; the time counts from now} */
    public IntStream rounds() {
        long deadline = System.nanoTime() + time.toNanos();
        return IntStream.rangeClosed(1, limit).takeWhile(round -> round == 1 || System.nanoTime() - deadline < 0);
    }
}
