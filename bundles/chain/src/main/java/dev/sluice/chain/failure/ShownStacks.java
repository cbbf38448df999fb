package dev.sluice.chain.failure;

import java.util.Arrays;
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
    private static final String CHAIN = "dev.sluice.chain.snapshot.";
    private static final int REMEMBERED = 256;
    private static final int HEADLINE = 500;
    private static final int CAUSES = 8;
    /** Of those that aren't the JDK's, from the top: a line is often one of a library that everybody calls. */
    private static final int FRAMES = 8;

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
     * {@return what was thrown, for the end of a record: with its stack; or, if the same class of exception from the
     * same lines of the same place has been shown just before, a line that says where}
     *
     * @param place whose failure it is
     * @param thrown what was thrown
     * @param incident the incident whose record this is
     */
    public String text(String place, Throwable thrown, String incident) {
        StringBuilder key = new StringBuilder(place);
        Throwable cause = thrown;
        for (int i = 0; i < CAUSES && cause != null; i++) {
            key.append(' ').append(cause.getClass().getName()).append(' ').append(way(StackText.frames(cause)));
            cause = StackText.cause(cause);
        }
        String earlier = earlier(key.toString(), incident);
        return earlier == null
                ? System.lineSeparator() + StackText.of(thrown)
                : LogText.line(StackText.headline(thrown), HEADLINE) + seeAt(earlier);
    }

    /** The same for a thread that is where it shouldn't be for so long. */
    public String text(String place, StackTraceElement[] frames, String incident) {
        String earlier = earlier(place + ' ' + way(frames), incident);
        return earlier == null ? StackText.of(frames) : seeAt(earlier);
    }

    /**
     * What two stacks are compared by. Below the chain's own frames is how the request came there, which differs with its path.
     */
    private static String way(StackTraceElement[] frames) {
        long way = 0;
        int counted = 0;
        for (StackTraceElement frame : frames) {
            if (frame == null) {
                // A bundle's own idea of a stack.
                continue;
            }
            if (counted == FRAMES || counted > 0 && frame.getClassName().startsWith(CHAIN)) {
                break;
            }
            if (!StackText.isOfTheJdk(frame)) {
                way = 31 * way + frame.hashCode();
                counted++;
            }
        }
        // One that has only JDK frames is a pool's thread, say.
        return counted == 0 ? String.valueOf(Arrays.hashCode(frames)) : Long.toHexString(way);
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
