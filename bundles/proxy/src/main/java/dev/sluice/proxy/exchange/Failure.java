package dev.sluice.proxy.exchange;

import dev.sluice.proxy.upstream.LargeHeadException;
import java.io.EOFException;
import java.net.SocketTimeoutException;
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
        for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
            line.append(i == 0 ? "" : ": ").append(cause.getClass().getSimpleName());
            // Its message is the library's connection, all of it.
            if (cause instanceof EOFException) {
                line.append(" (closed before the answer's end)");
            } else if (cause.getMessage() != null && !cause.getMessage().equals(String.valueOf(cause.getCause()))) {
                line.append(' ').append(cause.getMessage());
            }
        }
        String sane = line.toString().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
        return sane.length() > LENGTH ? sane.substring(0, LENGTH) + "..." : sane;
    }
}
