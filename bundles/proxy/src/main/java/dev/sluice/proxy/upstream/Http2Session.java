package dev.sluice.proxy.upstream;

import org.eclipse.jetty.http2.CloseState;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.internal.HTTP2ClientSession;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * A session in which the answer of an upstream that wants no more of the request stays an answer (RFC 9113, 8.1). On a reset the
 * library throws away what hasn't been read yet, and fails the request; also where all of the answer has come before.
 *
 * <p>Here such a reset says nothing about the answer. It says that nobody hears the rest of the request's body: that
 * is taken from the client, as long as the exchange goes on, and dropped.
 *
 * <p>Frames come one after the other, on a thread of the connection; the body is sent on any. A mark is set before whatever could
 * follow from it begins, and one that is seen late costs some data that nobody hears.
 */
final class Http2Session extends HTTP2ClientSession {

    /** Marks of a stream. */
    private enum Mark {
        ANSWERED,
        UNHEARD
    }

    Http2Session(HTTP2Client client, EndPoint endPoint, Session.Listener listener) {
        super(
                client.getScheduler(),
                endPoint,
                new Parser(client.getByteBufferPool(), client.getMaxResponseHeadersSize()),
                generator(client),
                listener,
                client.getFlowControlStrategyFactory().newFlowControlStrategy());
        setMaxLocalStreams(client.getMaxLocalStreams());
        setMaxRemoteStreams(client.getMaxConcurrentPushedStreams());
        setMaxEncoderTableCapacity(client.getMaxEncoderTableCapacity());
    }

    private static Generator generator(HTTP2Client client) {
        Generator generator = new Generator(
                client.getByteBufferPool(), client.isUseOutputDirectByteBuffers(), client.getMaxHeaderBlockFragment());
        generator.getHpackEncoder().setMaxHeaderListSize(client.getMaxRequestHeadersSize());
        return generator;
    }

    @Override
    public void onHeaders(HeadersFrame frame) {
        mark(Mark.ANSWERED, frame.getStreamId(), frame.isEndStream());
        super.onHeaders(frame);
    }

    @Override
    public void onData(Stream.Data data) {
        mark(Mark.ANSWERED, data.frame().getStreamId(), data.frame().isEndStream());
        super.onData(data);
    }

    @Override
    public void onReset(ResetFrame frame) {
        HTTP2Stream stream = getStream(frame.getStreamId());
        if (stream != null && is(Mark.ANSWERED, stream)) {
            mark(Mark.UNHEARD, frame.getStreamId(), true);
        } else {
            super.onReset(frame);
        }
    }

    @Override
    public void data(HTTP2Stream stream, DataFrame frame, Callback callback) {
        if (!is(Mark.UNHEARD, stream)) {
            super.data(stream, frame, callback);
            return;
        }
        if (stream.updateClose(frame.isEndStream(), CloseState.Event.AFTER_SEND)) {
            removeStream(stream);
        }
        callback.succeeded();
    }

    private void mark(Mark mark, int id, boolean really) {
        HTTP2Stream stream = really ? getStream(id) : null;
        if (stream != null) {
            stream.setAttribute(mark.name(), mark);
        }
    }

    private static boolean is(Mark mark, HTTP2Stream stream) {
        return stream.getAttribute(mark.name()) != null;
    }
}
