package dev.sluice.deployer.explain;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleException;

/**
 * Throwables of a bundle as text. The throwable itself must not be kept: it would keep the bundle's class loader.
 */
public final class Thrown {

    private static final int DEPTH = 6;

    private Thrown() {}

    /** {@return the causes, outermost first, each as one line, and where the innermost was thrown} */
    public static String sentence(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        Optional<StackTraceElement> at = Optional.of(chain.get(chain.size() - 1).getStackTrace())
                .filter(trace -> trace.length > 0)
                .map(trace -> trace[0]);
        return causes(thrown) + at.map(where -> " (at " + where + ")").orElse("");
    }

    /** {@return the causes, outermost first, each as one line} */
    static String causes(Throwable thrown) {
        return chain(thrown).stream()
                .filter(t -> !(t instanceof BundleException) || t.getCause() == null)
                .map(t -> t instanceof BundleException ? t.getMessage() : firstLine(t))
                .collect(Collectors.joining(", caused by "));
    }

    private static List<Throwable> chain(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(DEPTH)
                .toList();
    }

    /** {@return the whole stack trace} */
    public static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String firstLine(Throwable thrown) {
        return String.valueOf(thrown).lines().findFirst().orElse("");
    }
}
