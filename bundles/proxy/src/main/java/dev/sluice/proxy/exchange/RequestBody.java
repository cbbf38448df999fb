package dev.sluice.proxy.exchange;

import jakarta.servlet.ReadListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;

/**
 * The client's body on its way to one upstream, 16 KB of it at a time. Nothing of it is touched before the library demands
 * some, which it does when the head is sent; so what fails before can be sent elsewhere. With Expect: 100-continue it isn't
 * touched before the upstream says 100, or has said nothing for a while.
 *
 * <p>The library reads and demands by turns. {@link #read()} runs in two places: where the library sends the head, and in the
 * demanded callback. The container calls this listener only after a read has found nothing, and the callback runs only then;
 * so no two threads are in the body at the same time. What both sides share is guarded by the monitor. Callbacks run outside it.
 */
final class RequestBody implements Request.Content, ReadListener {

    /** Less came than the head says, and not by the client's fault: its own container would have told. */
    static final class Missing extends IOException {

        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message);
        }
    }

    private static final int BUFFER = 16 * 1024;

    private final ClientSide client;
    private final long length;
    private final HopByHop hopByHop;
    private final Consumer<Throwable> clientFailed;
    private final Runnable progress;

    // Confined to the reader of the moment.
    private byte[] buffer;
    private long count;
    private HttpFields trailers;

    // Guarded by the monitor.
    private boolean held;
    private boolean touched;
    private boolean available;
    private boolean ended;
    private boolean waiting;
    private Throwable failure;
    private Runnable demand;

    /**
     * Makes it.
     *
     * @param client where the body is
     * @param head what is known of it
     * @param clientFailed told when the body can't be read
     * @param progress told when the library has sent what it had, or something more has come
     */
    RequestBody(ClientSide client, RequestHead head, Consumer<Throwable> clientFailed, Runnable progress) {
        this.client = client;
        this.length = head.length();
        this.hopByHop = head.hopByHop();
        this.held = head.expectsContinue();
        this.clientFailed = clientFailed;
        this.progress = progress;
    }

    /** None of its own: the client's field is passed on, and where there is none, none is made up. */
    @Override
    public String getContentType() {
        return null;
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public Content.Chunk read() {
        synchronized (this) {
            if (failure != null) {
                return Content.Chunk.from(failure, true);
            }
            if (ended) {
                return Content.Chunk.EOF;
            }
            if (!touched) {
                return null;
            }
        }
        progress.run();
        try {
            return next();
        } catch (IOException | RuntimeException e) {
            failed(e);
            return Content.Chunk.from(e, true);
        }
    }

    private Content.Chunk next() throws IOException {
        if (buffer == null) {
            buffer = new byte[length < 0 ? BUFFER : (int) Math.min(length, BUFFER)];
        }
        // Before the read: what it leads to may run before it is back.
        waits(true);
        int read = client.read(buffer);
        if (read == 0) {
            return null;
        }
        waits(false);
        if (read > 0) {
            count += read;
            boolean last = count == length;
            if (last) {
                client.readEnd();
                end();
            }
            return Content.Chunk.from(ByteBuffer.wrap(buffer, 0, read), last);
        }
        if (count < length) {
            throw new Missing("Of the body's " + length + " bytes only " + count
                    + " are left to forward: a middleware has read it and not put it back");
        }
        trailers = readTrailers();
        end();
        return Content.Chunk.EOF;
    }

    private HttpFields readTrailers() {
        HttpFields.Mutable fields = HttpFields.build();
        client.trailers().forEach((name, value) -> {
            if (!hopByHop.stopsTrailer(name)) {
                fields.add(name, value);
            }
        });
        return fields.size() == 0 ? null : fields;
    }

    private synchronized void waits(boolean forClient) {
        waiting = forClient;
    }

    private synchronized void end() {
        ended = true;
        waiting = false;
    }

    /** {@return the trailers, once the body has ended; null if there are none} */
    HttpFields trailers() {
        return trailers;
    }

    @Override
    public void demand(Runnable callback) {
        boolean now;
        boolean start = false;
        synchronized (this) {
            now = available || failure != null;
            available = false;
            if (!now) {
                demand = callback;
                start = !touched && !held;
                touched |= start;
            }
        }
        if (now) {
            callback.run();
        } else if (start) {
            start();
        }
    }

    /** The upstream wants the body: it has said 100, or nothing in time. */
    void proceed() {
        boolean start;
        synchronized (this) {
            held = false;
            start = demand != null && !touched && failure == null;
            touched |= start;
        }
        if (start) {
            start();
        }
    }

    private void start() {
        try {
            waits(true);
            client.startReading(this);
        } catch (IOException | RuntimeException e) {
            onError(e);
        }
    }

    @Override
    public void onDataAvailable() {
        Runnable callback = takeDemand();
        if (callback != null) {
            callback.run();
        }
    }

    @Override
    public void onAllDataRead() {
        onDataAvailable();
    }

    private synchronized Runnable takeDemand() {
        Runnable callback = demand;
        demand = null;
        available = callback == null;
        return callback;
    }

    @Override
    public void onError(Throwable thrown) {
        failed(thrown);
        fail(thrown);
    }

    private void failed(Throwable thrown) {
        synchronized (this) {
            if (failure != null || ended) {
                return;
            }
            failure = thrown;
        }
        clientFailed.accept(thrown);
    }

    /** The library gives up: nothing more is read. */
    @Override
    public void fail(Throwable thrown) {
        Runnable callback;
        synchronized (this) {
            if (failure == null) {
                failure = thrown;
            }
            callback = demand;
            demand = null;
        }
        if (callback != null) {
            callback.run();
        }
    }

    /** {@return whether something of it may have been read} */
    synchronized boolean isTouched() {
        return touched;
    }

    /** {@return whether all of it was read} */
    synchronized boolean isEnded() {
        return ended;
    }

    /** {@return whether it is the client that is waited for} */
    synchronized boolean isWaiting() {
        return waiting;
    }
}
