package dev.sluice.proxy.exchange;

import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.NanoTime;

/**
 * The upstream's body on its way to the client, 16 KB of it at a time: the next is read only when the one before is written,
 * so a slow client slows the upstream. When the upstream pauses, what was written is flushed.
 *
 * <p>{@link #pump()} runs on the container's threads (something can be written again) and the library's (something can be read
 * again). It returns having asked for exactly one of the two, so never runs twice at the same time; what asks and what calls
 * back are ordered by the container's and the library's own locks.
 */
final class ResponseBody implements WriteListener {

    /** Told of progress, and once how the body ended; what follows a first call of that isn't to be acted on. */
    interface Ending {
        /** Something has come, or the client has taken something: the upstream is waited for anew. */
        void progress();

        /** All of it is written. */
        void whole();

        /** The upstream has failed half-way. */
        void upstreamFailed(Throwable thrown);

        /** The client can't be written to. */
        void clientFailed(Throwable thrown);
    }

    private static final int BUFFER = 16 * 1024;

    private final ClientSide client;
    private final Content.Source source;
    private final Ending ending;

    // Confined to the pump.
    private byte[] buffer;
    private Content.Chunk chunk;
    private boolean last;
    // The head is waiting to be sent.
    private boolean unflushed = true;
    private boolean headFirst;

    private final long begun = NanoTime.now();

    // Written by the pump alone.
    private volatile boolean waiting;
    private volatile long waitingSince;
    private volatile long waited;

    /**
     * Makes it.
     *
     * @param headFirst whether the head has to be sent before it is known that nothing follows
     */
    ResponseBody(ClientSide client, Content.Source source, Ending ending, boolean headFirst) {
        this.client = client;
        this.source = source;
        this.ending = ending;
        this.headFirst = headFirst;
    }

    /** {@return whether it is the client that is waited for} */
    boolean isWaiting() {
        return waiting;
    }

    /** {@return whether it has waited for the client for more than half of its time} */
    boolean isSlow() {
        long now = NanoTime.now();
        long all = waited + (waiting ? NanoTime.elapsed(waitingSince, now) : 0);
        return all * 2 > NanoTime.elapsed(begun, now);
    }

    @Override
    public void onWritePossible() {
        pump();
    }

    @Override
    public void onError(Throwable thrown) {
        ending.clientFailed(thrown);
    }

    private void pump() {
        try {
            while (isReady()) {
                if (headFirst) {
                    headFirst = false;
                    unflushed = false;
                    client.flush();
                    continue;
                }
                if (last && chunk == null) {
                    ending.whole();
                    return;
                }
                if (chunk == null) {
                    chunk = source.read();
                }
                if (chunk == null) {
                    if (!unflushed) {
                        source.demand(this::pump);
                        return;
                    }
                    unflushed = false;
                    client.flush();
                } else if (Content.Chunk.isFailure(chunk)) {
                    ending.upstreamFailed(chunk.getFailure());
                    return;
                } else {
                    ending.progress();
                    write();
                }
            }
        } catch (IOException | RuntimeException e) {
            ending.clientFailed(e);
        }
    }

    private boolean isReady() {
        if (waiting) {
            waited += NanoTime.since(waitingSince);
            ending.progress();
        }
        // Before the question: the answer may come on another thread before it is back.
        waitingSince = NanoTime.now();
        waiting = true;
        boolean ready = client.isReady();
        if (ready) {
            waiting = false;
        }
        return ready;
    }

    private void write() throws IOException {
        ByteBuffer bytes = chunk.getByteBuffer();
        int length = Math.min(bytes.remaining(), BUFFER);
        if (length > 0) {
            if (buffer == null || buffer.length < length) {
                buffer = new byte[length <= 1024 ? 1024 : BUFFER];
            }
            bytes.get(buffer, 0, length);
        }
        if (!bytes.hasRemaining()) {
            last = chunk.isLast();
            chunk.release();
            chunk = null;
        }
        if (length > 0) {
            unflushed = true;
            client.write(buffer, length);
        }
    }
}
