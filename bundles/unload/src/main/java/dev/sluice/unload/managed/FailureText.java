package dev.sluice.unload.managed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The text of an exception of a bundle's: what the log gets instead of the exception, which would keep the bundle's class loader
 * for as long as some appender keeps the event. Its methods are the bundle's code: each may throw. The text is bounded.
 */
final class FailureText {

    private static final int CAUSES = 8;
    private static final int FRAMES = 50;
    private static final int MESSAGE = 1_000;

    /** Of those that aren't the JDK's, from the top: two failures are of one kind if they come the same way. */
    private static final int COMPARED = 8;

    private FailureText() {}

    /** {@return class and message} */
    static String headline(Throwable thrown) {
        String message = had(thrown, Throwable::getLocalizedMessage);
        String name = thrown.getClass().getName();
        if (message == null) {
            return name;
        }
        return name + ": " + (message.length() > MESSAGE ? message.substring(0, MESSAGE) + "..." : message);
    }

    /** {@return it with its stack, and its causes with theirs} */
    static String stack(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        for (Throwable one : chain(thrown)) {
            text.append(text.isEmpty() ? "" : System.lineSeparator() + "caused by: ")
                    .append(headline(one));
            StackTraceElement[] frames = frames(one);
            for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
                text.append(System.lineSeparator()).append("    at ").append(frames[i]);
            }
            if (frames.length > FRAMES) {
                text.append(System.lineSeparator()).append("    ... ").append(frames.length - FRAMES);
            }
        }
        return text.toString();
    }

    /** {@return what two failures of one kind have in common: classes, and where they were thrown; of no message} */
    static String kind(Throwable thrown) {
        StringBuilder kind = new StringBuilder();
        for (Throwable one : chain(thrown)) {
            kind.append(one.getClass().getName());
            int compared = 0;
            for (StackTraceElement frame : frames(one)) {
                if (frame != null
                        && compared < COMPARED
                        && !frame.getClassName().startsWith("java.")) {
                    kind.append(' ').append(Integer.toHexString(frame.hashCode()));
                    compared++;
                }
            }
            kind.append('\n');
        }
        return kind.toString();
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable one = thrown; one != null && chain.size() < CAUSES; one = had(one, Throwable::getCause)) {
            chain.add(one);
        }
        return chain;
    }

    private static StackTraceElement[] frames(Throwable thrown) {
        StackTraceElement[] frames = had(thrown, Throwable::getStackTrace);
        return frames == null ? new StackTraceElement[0] : frames;
    }

    /** Whatever the bundle's code throws here would hide what it threw first. */
    private static <T> T had(Throwable thrown, Function<Throwable, T> what) {
        try {
            return what.apply(thrown);
        } catch (Throwable again) {
            return null;
        }
    }
}
