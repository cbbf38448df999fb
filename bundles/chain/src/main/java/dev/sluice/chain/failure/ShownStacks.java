package dev.sluice.chain.failure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which stacks the log has had lately. The same failure can come with every request: each gets its line, but its stack is
 * written once in a while, and the lines between say where. Thread-safe; it keeps texts alone, and a bounded number of them.
 */
public final class ShownStacks {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int REMEMBERED = 256;
    private static final int HEADLINE = 500;

    private record Shown(String incident, long atNanos) {}

    private final LongSupplier nanoTime;

    // Guarded by itself.
    private final Map<String, Shown> shown = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Shown> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * Has seen none.
     *
     * @param nanoTime a monotonic clock
     */
    public ShownStacks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * {@return what was thrown, for the end of a record: with its stack; or, if the same class of exception from the same
     * line of the same place has been shown just before, a line that says where}
     *
     * @param place whose failure it is
     * @param thrown what was thrown
     * @param incident the incident whose record this is
     */
    public String text(String place, Throwable thrown, String incident) {
        String key = place + ' ' + thrown.getClass().getName() + ' ' + StackText.site(thrown);
        String earlier = earlier(key, incident);
        return earlier == null
                ? System.lineSeparator() + StackText.of(thrown)
                : LogText.line(StackText.headline(thrown), HEADLINE) + seeAt(earlier);
    }

    /** The same for a thread that is where it shouldn't be for so long. */
    public String text(String place, StackTraceElement[] frames, String incident) {
        String earlier = earlier(place + ' ' + (frames.length == 0 ? "" : frames[0]), incident);
        return earlier == null ? StackText.of(frames) : seeAt(earlier);
    }

    private static String seeAt(String incident) {
        return " (the stack is at incident " + incident + ")";
    }

    /** {@return the incident with which the log has had it just before; null if it is to have it now} */
    private String earlier(String key, String incident) {
        long now = nanoTime.getAsLong();
        synchronized (shown) {
            Shown last = shown.get(key);
            if (last != null && now - last.atNanos() < PAUSE_NANOS) {
                return last.incident();
            }
            // Taken out first, so that it stands among the youngest again.
            shown.remove(key);
            shown.put(key, new Shown(incident, now));
            return null;
        }
    }
}
