package dev.sluice.listener;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * A suspended request and its answer, on a connection that is watched from the end of the request's body to the end of its
 * answer: in that time Jetty doesn't read from it.
 *
 * <p>What comes in is the end of the connection, or the client's next request, sent before this one is answered. That is kept
 * up to the size of Jetty's own buffer, together with what came in one packet with this request and is in there already; and
 * given back to Jetty before it looks for the next request. With more the watch ends, and TCP holds the client back, as
 * without a watch: that this client leaves isn't noticed. What one that leaves has sent too early is dropped: nobody is there
 * to have the answer.
 *
 * <p>Called by the thread that reads the body, by whatever thread ends the answer, and by one at a time that Jetty has
 * for a connection with something to read. The lock makes these one after another; nothing waits inside it, since all reading
 * is non-blocking and no code of the application runs. After {@link #end} nothing touches the connection any more. Jetty ends a
 * stream once, and holds no lock of its own at that.
 */
final class WatchedStream extends HttpStream.Wrapper {

    private final ReentrantLock lock = new ReentrantLock();
    private final HttpConnection connection;
    private final AbstractEndPoint endPoint;
    private final Departure departure;
    private final Rounds rounds;
    private final Readable readable = new Readable();

    private boolean asked;
    private boolean watched;
    private boolean ended;
    /** What the client has sent too early, or null; in the state for reading from it. */
    private ByteBuffer early;

    private WatchedStream(
            HttpStream stream,
            HttpConnection connection,
            AbstractEndPoint endPoint,
            Departure departure,
            Rounds rounds) {
        super(stream);
        this.connection = connection;
        this.endPoint = endPoint;
        this.departure = departure;
        this.rounds = rounds;
    }

    /**
     * Watches for the client's leaving until the answer is complete. To be called by a thread that the request can't end
     * without: the one that is handling it.
     */
    static void watch(
            ServletContextRequest request, HttpConnection connection, AbstractEndPoint endPoint, Rounds rounds) {
        Departure departure = new Departure(request);
        WatchedStream[] last = new WatchedStream[1];
        request.addHttpStreamWrapper(
                stream -> last[0] = new WatchedStream(stream, connection, endPoint, departure, rounds));
        // From here on the end of the body comes through read(); it may have been read before.
        if (request.getHttpInput().isFinished()) {
            last[0].bodyEnded();
        } else if (hasNoBody(request)) {
            // The parser stands before that end, and who reads later would have it go on in what belongs to the next
            // request:
            // so it is brought there now. The end is kept, for however often it is read.
            if (!connection.isRequestBufferEmpty()) {
                last[0].getWrapped().read();
            }
            last[0].bodyEnded();
        }
    }

    private static boolean hasNoBody(ServletContextRequest request) {
        HttpFields headers = request.getHeaders();
        return request.getLength() <= 0 && !headers.contains(HttpHeader.TRANSFER_ENCODING);
    }

    @Override
    public Content.Chunk read() {
        Content.Chunk chunk = super.read();
        if (chunk != null && chunk.isLast() && !Content.Chunk.isFailure(chunk)) {
            bodyEnded();
        }
        return chunk;
    }

    private void bodyEnded() {
        lock.lock();
        try {
            if (asked || ended) {
                return;
            }
            asked = true;
        } finally {
            lock.unlock();
        }
        rounds.add(this);
    }

    /** Begins to watch the connection, unless the answer is complete by now. */
    void start() {
        lock.lock();
        try {
            if (ended || watched) {
                return;
            }
            takeEarly();
            if (early == null || BufferUtil.space(early) > 0) {
                watched = true;
                endPoint.tryFillInterested(readable);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is left in Jetty's buffer is a next request that came together with this one. Until the end nobody reads it. */
    private void takeEarly() {
        ByteBuffer left = connection.onUpgradeFrom();
        if (left != null) {
            early = BufferUtil.allocate(Math.max(left.remaining(), connection.getInputBufferSize()));
            BufferUtil.append(early, left);
        }
    }

    private void read(EofException gone) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (fill() >= 0) {
                if (BufferUtil.space(early) > 0) {
                    endPoint.tryFillInterested(readable);
                }
                return;
            }
            early = null;
            // Inside the lock, so that it can't be taken for the next request's failure.
            departure.begin(gone);
        } finally {
            lock.unlock();
        }
        departure.tell();
    }

    private int fill() {
        if (early == null) {
            early = BufferUtil.allocate(connection.getInputBufferSize());
        }
        try {
            return endPoint.fill(early);
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void succeeded() {
        end();
        super.succeeded();
    }

    @Override
    public void failed(Throwable failure) {
        end();
        super.failed(failure);
    }

    /** Leaves the connection as Jetty expects it: nobody waits to read from it, and what has been read is in its buffer. */
    private void end() {
        lock.lock();
        try {
            ended = true;
            departure.end();
            if (watched) {
                // Only the watch can be waiting to read. It may just have been called, and then finds that it's over.
                endPoint.getFillInterest().onFail(Readable.OVER);
            }
            if (BufferUtil.hasContent(early)) {
                connection.onUpgradeTo(early);
                if (early.hasRemaining()) {
                    // Can't be: its buffer was empty, and has that size. But no answer is better than a wrong one.
                    endPoint.close();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Told by Jetty when there is something to read. Blocking by its type, so never called on a selector's thread: it lets code
     * of the application run; and Jetty decides on the thread before it takes the callback, which may be another one
     * by then.
     */
    private final class Readable implements Callback {

        private static final Throwable OVER = new EofException("the request is over");

        @Override
        public void succeeded() {
            read(new EofException("the client has closed the connection"));
        }

        @Override
        public void failed(Throwable failure) {
            if (failure == OVER) {
                return;
            }
            // On a thread that is closing the connection, and may hold what the application waits for.
            departure.execute(() -> read(new EofException(failure)));
        }
    }
}
