package dev.sluice.unload.managed;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what a bundle's tasks throw: each kind once with its stack, then at most once a minute how often it came again, as a
 * repeated task may fail for ever. Safe to use from any thread; it keeps texts alone, and a bounded number of them.
 */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int REMEMBERED = 64;

    private record Told(long atNanos, long since) {}

    private final String bundle;
    private final LongSupplier nanoTime;

    // Guarded by this, as is what follows.
    private final Map<String, Told> told = new LinkedHashMap<>();
    private long untold;

    Failures(String bundle, LongSupplier nanoTime) {
        this.bundle = bundle;
        this.nanoTime = nanoTime;
    }

    /** A task has thrown. */
    void tell(Throwable thrown) {
        // Both ask the bundle's code: before the monitor is taken, and after.
        long again = again(FailureText.kind(thrown));
        if (again == 0) {
            LOG.warn("A task of {} failed: {}", bundle, FailureText.stack(thrown));
        } else if (again > 0) {
            LOG.warn(
                    "Tasks of {} failed {} times more in a known way: {}", bundle, again, FailureText.headline(thrown));
        }
    }

    /** Tells how many failures weren't told. */
    void end() {
        long count;
        synchronized (this) {
            count = untold + told.values().stream().mapToLong(Told::since).sum();
            told.clear();
            untold = 0;
        }
        if (count > 0) {
            LOG.warn("Tasks of {} failed {} times more in known ways", bundle, count);
        }
    }

    /** {@return 0 if the kind is new, how many came since it was told last if it is to be told again, or less than 0} */
    private synchronized long again(String kind) {
        long now = nanoTime.getAsLong();
        Told last = told.get(kind);
        if (last != null && now - last.atNanos() < PAUSE_NANOS) {
            told.put(kind, new Told(last.atNanos(), last.since() + 1));
            return -1;
        }
        // Taken out first, so that it stands among the youngest again.
        told.remove(kind);
        told.put(kind, new Told(now, 0));
        if (told.size() > REMEMBERED) {
            String eldest = told.keySet().iterator().next();
            untold += told.remove(eldest).since();
        }
        return last == null ? 0 : last.since() + 1;
    }
}
