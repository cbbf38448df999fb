package dev.sluice.chain.failure;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Tells what a client, the connection or the servlet container did from what a bundle did. By names, as nothing of the
 * servlet container's is known here; a bundle that gives its own exceptions such names fools nobody but its operator.
 */
public final class ConnectionFault {

    private static final Set<String> CLASSES =
            Set.of("org.eclipse.jetty.io.EofException", "org.eclipse.jetty.http.BadMessageException");
    private static final String HTTP_EXCEPTION = "org.eclipse.jetty.http.HttpException$";

    private static final String[] CONTAINER = {"org.eclipse.jetty.", "org.apache.felix.http."};
    private static final String[] JDK = {"java.", "javax.", "jdk.", "sun.", "com.sun."};

    private static final int CAUSES = 16;

    private ConnectionFault() {}

    /**
     * Looks for such a fault among an exception and its causes.
     *
     * @param thrown what was thrown
     * @return what the container made of the fault; empty if it is none
     */
    public static Optional<Throwable> in(Throwable thrown) {
        // An Error is none, and its stack may be too deep to be looked at here.
        if (!(thrown instanceof Exception)) {
            return Optional.empty();
        }
        try {
            Throwable cause = thrown;
            for (int i = 0; i < CAUSES && cause != null; i++) {
                if (isOne(cause)) {
                    return Optional.of(cause);
                }
                cause = cause.getCause();
            }
        } catch (RuntimeException | Error theBundlesOwnMethod) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean isOne(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != Throwable.class; type = type.getSuperclass()) {
            if (CLASSES.contains(type.getName())) {
                return true;
            }
            // Its message begins with the status: 4xx is what the client sent.
            if (type.getName().startsWith(HTTP_EXCEPTION)
                    && String.valueOf(thrown.getMessage()).startsWith("4")) {
                return true;
            }
        }
        return (thrown instanceof IOException || thrown instanceof TimeoutException) && isMadeInTheContainer(thrown);
    }

    /** The first frame that isn't the JDK's own: a socket's exceptions are made in the JDK, on the container's behalf. */
    private static boolean isMadeInTheContainer(Throwable thrown) {
        return Stream.of(thrown.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !startsWith(name, JDK))
                .findFirst()
                .filter(name -> startsWith(name, CONTAINER))
                .isPresent();
    }

    private static boolean startsWith(String name, String[] prefixes) {
        return Stream.of(prefixes).anyMatch(name::startsWith);
    }
}
