package dev.sluice.proxy.exchange;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/**
 * The container's request and response. Three sorts of threads come here: the container's (listeners), the library's
 * (callbacks), and its timer's. The container takes its objects back once the request is complete, and gives them to
 * another request; so each touch is under this object's monitor, and none comes after the end. No touch blocks: all reading
 * and writing is asynchronous.
 *
 * <p>Order of locks: this monitor first, then the container's own. The container calls listeners without its own held. What
 * ends the request (complete, abort) is called outside the monitor: it runs what others have to do at the end of a request.
 */
final class ClientSide {

    private static final int ABORT = -1;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AsyncContext async;

    private ServletInputStream input;
    private ServletOutputStream output;
    private Runnable takeBackHead = () -> {};
    private boolean heard;
    private boolean over;

    ClientSide(HttpServletRequest request, HttpServletResponse response, AsyncContext async) {
        this.request = request;
        this.response = response;
        this.async = async;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Begins to read the body: from here on it is touched, and the client is told 100 if it waits for that. */
    synchronized void startReading(ReadListener listener) throws IOException {
        check();
        input = request.getInputStream();
        input.setReadListener(listener);
    }

    /**
     * Reads what is there.
     *
     * @param into where to
     * @return how many bytes; 0 if none is there, and then the listener is called; -1 at the body's end
     * @throws IOException if the client has failed, or the request is over
     */
    synchronized int read(byte[] into) throws IOException {
        check();
        if (input.isFinished()) {
            return -1;
        }
        int read = input.isReady() ? input.read(into) : 0;
        heard |= read > 0;
        return read;
    }

    /** {@return whether reading has begun, and nothing of the body has come} */
    synchronized boolean isUnheard() {
        return input != null && !heard;
    }

    /**
     * Asks for the end of a body whose bytes are all read. The container has it by then, but notices that a client leaves only
     * once somebody has asked for it.
     */
    synchronized void readEnd() throws IOException {
        if (!over && !input.isFinished() && input.isReady()) {
            input.read();
        }
    }

    /** {@return the trailers of a body that was read to its end} */
    synchronized Map<String, String> trailers() {
        Map<String, String> trailers = over || !request.isTrailerFieldsReady() ? null : request.getTrailerFields();
        return trailers == null ? Map.of() : trailers;
    }

    /**
     * Writes the response's head (nothing is sent yet), and begins to write its body.
     *
     * @param head writes the head; what it returns takes that back
     * @param listener told when the body can be written
     */
    synchronized void startWriting(Function<HttpServletResponse, Runnable> head, WriteListener listener)
            throws IOException {
        check();
        takeBackHead = head.apply(response);
        output = response.getOutputStream();
        output.setWriteListener(listener);
    }

    /** {@return whether something can be written; if not, the listener is called, or the request is over} */
    synchronized boolean isReady() {
        return !over && output.isReady();
    }

    /** Writes bytes that stay as they are until {@link #isReady()}. To be called only after that. */
    synchronized void write(byte[] bytes, int length) throws IOException {
        check();
        output.write(bytes, 0, length);
    }

    /** Sends what is written. To be called only after {@link #isReady()}. */
    synchronized void flush() throws IOException {
        check();
        output.flush();
    }

    private void check() throws IOException {
        if (over) {
            throw new IOException("The request is over");
        }
    }

    /** {@return whether it was not over before} */
    private synchronized boolean end() {
        boolean first = !over;
        over = true;
        return first;
    }

    /** The container has ended the request itself. */
    void gone() {
        end();
    }

    /** Ends the response as whole. */
    void complete() {
        if (end()) {
            finish(false);
        }
    }

    /**
     * Answers with a refusal in place of an upstream's answer; after half an answer, aborts.
     *
     * @param refusal the refusal
     * @param incident the incident; empty if there is none
     */
    void refuse(Refusal refusal, String incident) {
        boolean sent = false;
        synchronized (this) {
            if (over) {
                return;
            }
            if (!response.isCommitted() && (output == null || output.isReady())) {
                try {
                    // The upstream's cookies and the like belong to its answer, not to this one.
                    takeBackHead.run();
                    refusal.send(response, incident);
                    sent = true;
                } catch (IOException | RuntimeException e) {
                    // Such a client can't be told.
                    sent = false;
                }
            }
            over = true;
        }
        finish(!sent);
    }

    /** Ends a response that can't be written any more, as its client has left. */
    void left() {
        boolean hasLength;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            hasLength = response.containsHeader("Content-Length");
        }
        // Completed where that can be: of an abort Jetty tells no AsyncListener, and middleware may have some. One with
        // a
        // length would be found too short, and be aborted in the end.
        finish(hasLength);
    }

    /**
     * Ends a request whose client waited for 100, and has left without it. That it couldn't be written leaves Jetty unable to
     * write an answer: it would find a failure of ours in that, and log it with its stack, for each such client.
     */
    void goneUntold() {
        if (end()) {
            finish(true);
        }
    }

    private void finish(boolean aborted) {
        try {
            if (aborted) {
                abort();
            } else {
                async.complete();
            }
        } catch (IOException | IllegalStateException e) {
            // The container has ended it itself, after a failure that it found first.
        }
    }

    /**
     * Has the container close the client's connection, so that half an answer isn't taken for a whole one. For Jetty that is
     * the status -1. It's the container's own response that is told: of what is around it each may have its own idea of an
     * error with that status.
     */
    private void abort() throws IOException {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        ((HttpServletResponse) inner).sendError(ABORT);
    }
}
