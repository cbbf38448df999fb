package dev.sluice.deployer.folder;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Decides when files that change have come to rest, and which of them belong together. Only logic and a clock: it waits
 * for nothing and reads nothing. For one thread.
 */
final class Settling {

    /** For so many windows files that are at rest wait for others that aren't, so that one that grows can't hold them up. */
    private static final int PATIENCE = 10;

    /**
     * A file that isn't at rest yet.
     *
     * @param stat what it looked like last
     * @param since when it was first seen so
     * @param changedAt when it changed last
     */
    private record Moving(FileStat stat, long since, long changedAt) {

        Moving changed(FileStat now, long at) {
            return new Moving(now, since, at);
        }
    }

    private final LongSupplier nanos;
    private final Map<String, Moving> moving = new LinkedHashMap<>();

    /** @param nanos the clock, as {@link System#nanoTime()} */
    Settling(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes note of what a file looks like now. Its window begins anew if that is a change. */
    void observe(String file, FileStat stat) {
        Moving known = moving.get(file);
        if (known == null || !known.stat().equals(stat)) {
            touch(file, stat);
        }
    }

    /** Takes note that a file has changed, even if it looks the same. */
    void touch(String file, FileStat stat) {
        long at = nanos.getAsLong();
        Moving known = moving.get(file);
        moving.put(file, known == null ? new Moving(stat, at, at) : known.changed(stat, at));
    }

    boolean contains(String file) {
        return moving.containsKey(file);
    }

    /**
     * {@return whether none is worth waiting for: those that there are have gone on changing for longer than that} How long
     * somebody has waited says nothing, as this thread may not have run meanwhile.
     */
    boolean isEmptyBut(Duration changingFor) {
        return moving.values().stream().allMatch(file -> file.changedAt() - file.since() > changingFor.toNanos());
    }

    void clear() {
        moving.clear();
    }

    /** {@return what a file looked like when it was last observed, which is then no longer watched} */
    FileStat take(String file) {
        return moving.remove(file).stat();
    }

    /** {@return the files that are at rest, all together, or none while it is worth waiting for others} */
    Set<String> due(Duration window) {
        Set<String> atRest = new TreeSet<>();
        for (Map.Entry<String, Moving> entry : moving.entrySet()) {
            if (untilRest(entry.getValue(), window) <= 0) {
                atRest.add(entry.getKey());
            }
        }
        boolean wait = atRest.size() < moving.size() && untilImpatient(window) > 0;
        return wait ? Set.of() : atRest;
    }

    /** {@return in how many nanoseconds {@link #due} has something new to say, if nothing changes until then} */
    OptionalLong untilDue(Duration window) {
        if (moving.isEmpty()) {
            return OptionalLong.empty();
        }
        long allAtRest = moving.values().stream()
                .mapToLong(file -> untilRest(file, window))
                .max()
                .getAsLong();
        return OptionalLong.of(Math.max(0, Math.min(allAtRest, untilImpatient(window))));
    }

    private long untilRest(Moving file, Duration window) {
        return file.changedAt() + window.toNanos() - nanos.getAsLong();
    }

    /** Counted from when the first of them came to rest. */
    private long untilImpatient(Duration window) {
        return moving.values().stream()
                        .mapToLong(file -> untilRest(file, window))
                        .min()
                        .orElse(0)
                + PATIENCE * window.toNanos();
    }
}
