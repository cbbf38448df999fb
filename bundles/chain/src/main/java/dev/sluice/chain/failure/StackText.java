package dev.sluice.chain.failure;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * The text of an exception that belongs to a bundle: what the log gets instead of the exception, which would keep the
 * bundle's class loader for as long as some appender keeps the record.
 *
 * <p>Its methods are the bundle's code: each may throw. What they return is bounded.
 */
public final class StackText {

    private static final int LENGTH = 16_000;
    private static final int MESSAGE = 1_000;
    private static final int FRAMES_ABOVE = 50;
    private static final int FRAMES_BELOW = 10;
    private static final int THROWABLES = 8;
    private static final String[] JDK = {"java.", "javax.", "jdk.", "sun.", "com.sun."};

    private final StringBuilder text = new StringBuilder();
    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Runnable> more = new ArrayDeque<>();

    private StackText() {}

    /**
     * Writes an exception as text, with its causes and what it suppressed.
     *
     * @param thrown the exception
     * @return its text, of 16,000 characters at the most
     */
    public static String of(Throwable thrown) {
        StackText stack = new StackText();
        stack.append("", thrown, new StackTraceElement[0]);
        while (!stack.more.isEmpty() && stack.text.length() < LENGTH) {
            stack.more.poll().run();
        }
        return stack.text.length() <= LENGTH
                ? stack.text.toString()
                : stack.text.substring(0, LENGTH) + System.lineSeparator() + "    ... cut off here";
    }

    /** {@return the stack of a thread as lines for the log} */
    public static String of(StackTraceElement[] frames) {
        StackText stack = new StackText();
        stack.frames(frames, 0);
        return stack.text.toString();
    }

    /** {@return class and message of an exception, without its stack} */
    static String headline(Throwable thrown) {
        StackText stack = new StackText();
        stack.head(thrown);
        return stack.text.toString();
    }

    /** {@return where an exception was made; nothing if it doesn't say} */
    static StackTraceElement[] frames(Throwable thrown) {
        StackTraceElement[] frames = new StackText().had(thrown, Throwable::getStackTrace);
        return frames == null ? new StackTraceElement[0] : frames;
    }

    /** {@return its cause, or null} */
    static Throwable cause(Throwable thrown) {
        return new StackText().had(thrown, Throwable::getCause);
    }

    /** {@return whether a frame is the JDK's own} */
    static boolean isOfTheJdk(StackTraceElement frame) {
        String name = frame.getClassName();
        for (String prefix : JDK) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private void append(String caption, Throwable thrown, StackTraceElement[] enclosing) {
        if (thrown == null || !seen.add(thrown) || seen.size() > THROWABLES) {
            return;
        }
        if (!caption.isEmpty()) {
            text.append(System.lineSeparator());
        }
        text.append(caption);
        head(thrown);
        StackTraceElement[] had = had(thrown, Throwable::getStackTrace);
        StackTraceElement[] frames = had == null ? new StackTraceElement[0] : had;
        frames(frames, common(frames, enclosing));
        for (Throwable suppressed : thrown.getSuppressed()) {
            more.add(() -> append("suppressed: ", suppressed, frames));
        }
        Throwable cause = had(thrown, Throwable::getCause);
        more.addFirst(() -> append("caused by: ", cause, frames));
    }

    private void head(Throwable thrown) {
        text.append(thrown.getClass().getName());
        String message = had(thrown, Throwable::getLocalizedMessage);
        if (message != null) {
            text.append(": ").append(LogText.lines(message, MESSAGE));
        }
    }

    private void frames(StackTraceElement[] frames, int common) {
        int own = frames.length - common;
        for (int i = 0; i < own; i++) {
            if (i == FRAMES_ABOVE && own > FRAMES_ABOVE + FRAMES_BELOW) {
                i = own - FRAMES_BELOW;
                line("... " + (i - FRAMES_ABOVE) + " frames");
            }
            line("at " + frames[i]);
        }
        if (common > 0) {
            line("... " + common + " frames as above");
        }
    }

    private void line(String line) {
        text.append(System.lineSeparator()).append("    ").append(line);
    }

    /** How many frames at the bottom are those of the exception that it is the cause of. */
    private static int common(StackTraceElement[] frames, StackTraceElement[] enclosing) {
        int common = 0;
        while (common < Math.min(frames.length, enclosing.length)
                && Objects.equals(enclosing[enclosing.length - 1 - common], frames[frames.length - 1 - common])) {
            common++;
        }
        return common;
    }

    /** Whatever the bundle's code throws here would hide what it threw first. */
    private <T> T had(Throwable thrown, Function<Throwable, T> what) {
        try {
            return what.apply(thrown);
        } catch (Throwable again) {
            text.append(" (and one of its methods throws ")
                    .append(again.getClass().getName())
                    .append(')');
            return null;
        }
    }
}
