package dev.sluice.deployer.explain;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleException;

/**
 * Throwables of a bundle as text. The throwable itself must not be kept: it would keep the bundle's class loader.
 */
public final class Thrown {

    private static final int DEPTH = 6;

    private Thrown() {}

    /** {@return the causes, outermost first, each as one line, and where the innermost was thrown} */
    public static String sentence(Throwable thrown) {
        List<String> lines = new ArrayList<>();
        Throwable innermost = thrown;
        for (Throwable t = thrown; t != null && lines.size() < DEPTH; t = t.getCause()) {
            innermost = t;
            if (!(t instanceof BundleException) || t.getCause() == null) {
                lines.add(t instanceof BundleException ? t.getMessage() : firstLine(t));
            }
        }
        Optional<StackTraceElement> at = Optional.of(innermost.getStackTrace())
                .filter(trace -> trace.length > 0)
                .map(trace -> trace[0]);
        return String.join(", caused by ", lines)
                + at.map(where -> " (at " + where + ")").orElse("");
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
