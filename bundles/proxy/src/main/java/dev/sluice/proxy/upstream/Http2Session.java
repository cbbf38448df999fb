package dev.sluice.proxy.upstream;

import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.CloseState;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.internal.HTTP2ClientSession;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

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

    /**
     * What is decoded at most. More would end the session with all that goes on there; of what is decoded, and is too large, only
     * its own request fails. (There are upstreams that don't keep to what they are told they may send.)
     */
    private static final int DECODED = 256 * 1024;

    /** What a field is counted with (RFC 9113, 6.5.2). */
    private static final int FIELD = 32;

    /** Marks of a stream. */
    private enum Mark {
        ANSWERED,
        UNHEARD
    }

    private final int largest;

    Http2Session(HTTP2Client client, EndPoint endPoint, Session.Listener listener) {
        super(
                client.getScheduler(),
                endPoint,
                new Parser(client.getByteBufferPool(), DECODED),
                generator(client),
                listener,
                client.getFlowControlStrategyFactory().newFlowControlStrategy());
        largest = client.getMaxResponseHeadersSize();
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

    /** A request that finds the session ended is known not to have been sent. */
    @Override
    public void newStream(HTTP2Stream.FrameList frames, Promise<Stream> promise, Stream.Listener listener) {
        super.newStream(frames, new Opening(promise), listener);
    }

    /**
     * A request whose head is larger than the upstream allows is refused here: the library would find that when the head is encoded,
     * and have to end the session.
     */
    @Override
    protected HTTP2Stream createLocalStream(int streamId, MetaData.Request head, Consumer<Throwable> failed) {
        int allowed = getGenerator().getHpackEncoder().getMaxHeaderListSize();
        int size = size(head.getHttpFields())
                + 4 * FIELD
                + ":method:scheme:authority:path".length()
                + head.getMethod().length()
                + head.getHttpURI().toString().length();
        if (size > allowed) {
            failed.accept(new LargeHeadException(size, allowed));
            return null;
        }
        return super.createLocalStream(streamId, head, failed);
    }

    private static int size(HttpFields fields) {
        int size = 0;
        for (HttpField field : fields) {
            String value = field.getValue();
            size += field.getName().length() + (value == null ? 0 : value.length()) + FIELD;
        }
        return size;
    }

    private static final class Opening extends Promise.Wrapper<Stream> {

        Opening(Promise<Stream> promise) {
            super(promise);
        }

        @Override
        public void failed(Throwable thrown) {
            // So it says where a stream can't even be begun.
            String message = String.valueOf(thrown.getMessage());
            boolean unsent = thrown instanceof IllegalStateException
                    && (message.equals("session closed") || message.startsWith("Max local stream count"));
            super.failed(unsent ? new NeverSentException(thrown) : thrown);
        }
    }

    @Override
    public void onSettings(SettingsFrame frame) {
        super.onSettings(frame);
        // With what it has told the upstream, before this came, the library has limited itself.
        getParser().getHpackDecoder().setMaxHeaderListSize(DECODED);
    }

    @Override
    public void onHeaders(HeadersFrame frame) {
        if (size(frame.getMetaData().getHttpFields()) > largest) {
            onStreamFailure(
                    frame.getStreamId(),
                    ErrorCode.ENHANCE_YOUR_CALM_ERROR.code,
                    "The head of the answer is larger than " + largest + " bytes");
            return;
        }
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
