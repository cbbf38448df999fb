package dev.sluice.proxy.exchange;

import dev.sluice.proxy.upstream.LargeHeadException;
import dev.sluice.proxy.upstream.LogText;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpResponseException;

/**
 * Why a request got no answer from an upstream.
 *
 * @param refusal what the client is told
 * @param isUpstreams whether it counts against the upstream
 * @param reason one line for the operator
 */
record Failure(Refusal refusal, boolean isUpstreams, String reason) {

    private static final int CAUSES = 8;
    private static final int LENGTH = 200;

    /** {@return what the library's exception says of a request that has got no connection, as all were in use by others} */
    static Failure ofCrowd(Throwable thrown) {
        Failure failure = of(thrown);
        return failure.refusal == Refusal.SLOW_UPSTREAM
                ? new Failure(
                        Refusal.UNAVAILABLE,
                        false,
                        "no connection was free in time, as connections.max are in use: " + failure.reason)
                : failure;
    }

    /** {@return what the library's exception says} */
    static Failure of(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; i < CAUSES && cause != null; i++) {
            // Its queue is full, or its connections are being closed.
            if (cause instanceof RejectedExecutionException) {
                return new Failure(Refusal.UNAVAILABLE, false, line(thrown));
            }
            if (cause instanceof LargeHeadException) {
                return new Failure(Refusal.LARGE_HEAD, false, cause.getMessage());
            }
            if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
                return new Failure(Refusal.SLOW_UPSTREAM, true, line(thrown));
            }
            cause = cause.getCause();
        }
        return new Failure(Refusal.BAD_UPSTREAM, true, line(thrown));
    }

    /** With the causes, and nothing in it that could look like a line of its own: an upstream may have a say in the message. */
    private static String line(Throwable thrown) {
        StringBuilder line = new StringBuilder();
        // What it says itself is the library's connection, all of it; its cause says what was wrong with the answer.
        Throwable cause =
                thrown instanceof HttpResponseException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String advice = "";
        for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            // Its message is the library's connection, all of it.
            String said = cause instanceof EOFException ? "(closed before the answer's end)" : message;
            // Of those that wrap one another, most repeat the other's.
            boolean isNew = cause.getMessage() != null
                    && line.indexOf(message) < 0
                    && !message.equals(String.valueOf(cause.getCause()));
            if (isNew || cause instanceof EOFException || i == 0) {
                line.append(i == 0 ? "" : ": ").append(cause.getClass().getSimpleName());
                line.append(isNew || cause instanceof EOFException ? " " + said : "");
            }
            advice = advice.isEmpty() ? advice(cause) : advice;
        }
        return advice + LogText.line(line.toString(), LENGTH);
    }

    /** What Java's own words don't say. */
    private static String advice(Throwable cause) {
        if (cause instanceof CertPathBuilderException) {
            return "its certificate is by nobody who is trusted: have tls.trust name a PEM file with that of its issuer; ";
        }
        if (cause instanceof CertificateException
                && String.valueOf(cause.getMessage()).startsWith("No ")) {
            return "its certificate is for another name than the route's upstreams say; ";
        }
        if (cause instanceof CertificateExpiredException) {
            return "its certificate has expired; ";
        }
        return cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException
                ? "no such host is known here: correct upstreams, or the names' resolution; "
                : "";
    }
}
