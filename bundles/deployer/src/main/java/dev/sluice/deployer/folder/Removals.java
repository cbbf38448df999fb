package dev.sluice.deployer.folder;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Decides when files that are missing count as removed: all together, when none has vanished for a window. A folder that is
 * being deleted loses its files one by one, and the end, when the folder itself goes, tells that no removal was meant.
 *
 * <p>Only logic and a clock, as {@link Settling}. For one thread.
 */
final class Removals {

    private final LongSupplier nanos;
    private final Set<String> missing = new TreeSet<>();
    private long quietSince;

    /** @param nanos the clock, as {@link System#nanoTime()} */
    Removals(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Takes note that a file isn't there. The window begins anew if that is new.
     *
     * @param touched whether the file system reported it: then it may have been there in between
     */
    void missed(String file, boolean touched) {
        if (missing.add(file) || touched) {
            postpone();
        }
    }

    /** Begins the window anew. */
    void postpone() {
        quietSince = nanos.getAsLong();
    }

    /** The file is there again, can't be looked at, or was handed over as gone. */
    void end(String file) {
        missing.remove(file);
    }

    boolean isEmpty() {
        return missing.isEmpty();
    }

    void clear() {
        missing.clear();
    }

    /** {@return the files that are missing, whether they count as removed or not} */
    Set<String> missing() {
        return Set.copyOf(missing);
    }

    /** {@return the files that count as removed: all that are missing, or none} */
    Set<String> due(Duration window) {
        return isDue(window) ? missing() : Set.of();
    }

    boolean isDue(Duration window) {
        return !missing.isEmpty() && untilQuiet(window) <= 0;
    }

    /** {@return in how many nanoseconds {@link #due} has something to say, if nothing changes until then} */
    OptionalLong untilDue(Duration window) {
        return missing.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Math.max(0, untilQuiet(window)));
    }

    private long untilQuiet(Duration window) {
        return quietSince + window.toNanos() - nanos.getAsLong();
    }
}
