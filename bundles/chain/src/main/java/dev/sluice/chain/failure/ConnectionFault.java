package dev.sluice.chain.failure;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Tells what a client, its connection or the servlet container did from what a bundle did: also from what befell a bundle's
 * own connection to somewhere else, which may well be made by a Jetty client, with the same classes of exceptions.
 *
 * <p>The streams of request and response aren't wrapped to see what comes out of them: that would be two objects and a call on
 * each request's way, and would hide the container's streams from those who know them. An exception itself shows where it
 * comes from. Its class must be the container's own one. Down to the first foreign frame its stack is the way from whoever was
 * called to where it went wrong: in the server half of Jetty it was this request's stream, in the client half a bundle's own.
 * Where neither is to be seen, as a selector's thread made it, the response decides: as long as it hasn't begun, nobody can
 * have failed to write it, and what fails to be read of a request is seen in the server half. So there remains a bundle whose
 * own client fails, on such a thread and with nothing of the client in any cause, after the response has begun: that is taken
 * for the connection's. So is what a client has sent that can't be understood when it is asked for. A bundle that fakes exceptions fools nobody but its operator.
 */
public final class ConnectionFault {

    private static final Set<String> CLASSES =
            Set.of("org.eclipse.jetty.io.EofException", "org.eclipse.jetty.http.BadMessageException");
    private static final String HTTP_EXCEPTION = "org.eclipse.jetty.http.HttpException$";

    private static final String[] CONTAINER = {"org.eclipse.jetty.", "org.apache.felix.http."};
    private static final String[] SERVER = {
        "org.eclipse.jetty.server.",
        "org.eclipse.jetty.ee10.servlet.",
        "org.eclipse.jetty.http2.server.",
        "org.apache.felix.http."
    };
    private static final String REQUEST = "org.eclipse.jetty.ee10.servlet.ServletApiRequest";
    /** What of a request is understood only when it is asked for; what else such a class is misused for is its caller's. */
    private static final Set<String> UNDERSTANDS = Set.of(
            "getDateHeader",
            "getIntHeader",
            "getParameter",
            "getParameterMap",
            "getParameterNames",
            "getParameterValues",
            "getPart",
            "getParts",
            "getReader",
            "getCookies",
            "getLocale",
            "getLocales");

    private static final String OUTPUT = "org.eclipse.jetty.ee10.servlet.HttpOutput";
    private static final String CLIENT = ".client.";
    private static final String[] JDK = {"java.", "javax.", "jdk.", "sun.", "com.sun."};

    private static final int CAUSES = 16;

    /** What a stack shows of whose connection it was. */
    private enum Origin {
        SERVER,
        CLIENT,
        UNSEEN
    }

    private ConnectionFault() {}

    /**
     * Looks for such a fault among an exception and its causes.
     *
     * @param thrown what was thrown
     * @param container the class loader of the servlet container
     * @param begun whether the response has begun, and so can have failed to be written
     * @return what the container made of the fault; empty if it is none
     */
    public static Optional<Throwable> in(Throwable thrown, ClassLoader container, boolean begun) {
        // An Error is none, and its stack may be too deep to be looked at here.
        if (!(thrown instanceof Exception)) {
            return Optional.empty();
        }
        try {
            Throwable fault = null;
            boolean isThisConnection = begun;
            Throwable cause = thrown;
            for (int i = 0; i < CAUSES && cause != null; i++) {
                Origin origin = origin(cause);
                if (origin == Origin.CLIENT) {
                    return Optional.empty();
                }
                isThisConnection |= origin == Origin.SERVER;
                if (fault == null && isOne(cause, container)) {
                    fault = cause;
                }
                cause = cause.getCause();
            }
            return isThisConnection ? Optional.ofNullable(fault) : Optional.empty();
        } catch (RuntimeException | Error theBundlesOwnMethod) {
            return Optional.empty();
        }
    }

    /**
     * {@return whether a part of the request, a header or a parameter say, isn't what whoever asked for it could expect} For
     * some of these the servlet container has no exception of its own, and takes them for a failure of who asked.
     */
    public static boolean isJunk(Throwable thrown) {
        // One of the JDK: Jetty's own subclasses carry their status.
        if (!(thrown instanceof IllegalArgumentException) || thrown.getClass().getClassLoader() != null) {
            return false;
        }
        for (StackTraceElement frame : thrown.getStackTrace()) {
            String name = frame.getClassName();
            if (name.startsWith(REQUEST) && UNDERSTANDS.contains(frame.getMethodName())) {
                return true;
            }
            if (!startsWith(name, JDK) && !startsWith(name, CONTAINER)) {
                return false;
            }
        }
        return false;
    }

    /**
     * {@return whether a write met a response that was closed before} That may be because the client has left, which a write
     * has found before this one; or because who writes has ended the response.
     */
    public static boolean isClosed(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        return thrown.getClass().getName().equals("org.eclipse.jetty.io.EofException")
                && "Closed".equals(thrown.getMessage())
                && frames.length > 0
                && frames[0].getClassName().equals(OUTPUT);
    }

    private static boolean isOne(Throwable thrown, ClassLoader container) {
        if (isJunk(thrown)) {
            return true;
        }
        for (Class<?> type = thrown.getClass(); type != Throwable.class; type = type.getSuperclass()) {
            if (CLASSES.contains(type.getName())) {
                return isOf(container, type);
            }
            // Its message begins with the status: 4xx is what the client sent.
            if (type.getName().startsWith(HTTP_EXCEPTION)
                    && String.valueOf(thrown.getMessage()).startsWith("4")) {
                return isOf(container, type);
            }
        }
        return (thrown instanceof IOException || thrown instanceof TimeoutException) && isMadeInTheContainer(thrown);
    }

    /** A bundle may carry a Jetty of its own. */
    private static boolean isOf(ClassLoader container, Class<?> type) {
        try {
            return Class.forName(type.getName(), false, container) == type;
        } catch (ClassNotFoundException e) {
            return false;
        }
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

    private static Origin origin(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            String name = frame.getClassName();
            if (startsWith(name, JDK)) {
                continue;
            }
            if (!startsWith(name, CONTAINER)) {
                // Below are those who called the bundle, and each request's stack has the server there.
                return Origin.UNSEEN;
            }
            if (name.contains(CLIENT)) {
                return Origin.CLIENT;
            }
            if (startsWith(name, SERVER)) {
                return Origin.SERVER;
            }
        }
        return Origin.UNSEEN;
    }

    private static boolean startsWith(String name, String[] prefixes) {
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
