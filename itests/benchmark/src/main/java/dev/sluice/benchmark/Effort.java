package dev.sluice.benchmark;

import java.time.Duration;

/**
 * How long is measured.
 *
 * @param name what it is asked for by
 * @param forks how many JVMs of its own each benchmark of the inside has, one after the other
 * @param warmUps how many iterations aren't counted
 * @param iterations how many are
 * @param iteration how long each lasts
 * @param rounds how often each server has its turn, each time started anew
 * @param turn how long a turn lasts
 * @param warmUp how long a server is warmed up before its turn
 * @param change how long versions change under load
 */
public record Effort(
        String name,
        int forks,
        int warmUps,
        int iterations,
        Duration iteration,
        int rounds,
        Duration turn,
        Duration warmUp,
        Duration change) {

    private static final Effort FULL = new Effort(
            "full",
            // JVMs differ more from each other than a JVM does from itself.
            5,
            4,
            3,
            Duration.ofMillis(500),
            7,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(120));

    private static final Effort QUICK = new Effort(
            "quick",
            1,
            1,
            2,
            Duration.ofMillis(100),
            2,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));

    /**
     * Finds one.
     *
     * @param name full or quick
     * @return it
     * @throws IllegalArgumentException if there is no such
     */
    public static Effort named(String name) {
        return switch (name) {
            case "full" -> FULL;
            case "quick" -> QUICK;
            default ->
                throw new IllegalArgumentException("no effort \"" + name + "\": -Dbenchmark.effort= is full or quick");
        };
    }

    /** {@return whether figures are worth something} */
    public boolean isFull() {
        return this == FULL;
    }
}
