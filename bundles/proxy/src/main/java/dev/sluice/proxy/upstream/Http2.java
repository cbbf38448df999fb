package dev.sluice.proxy.upstream;

import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.SendFailure;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.http2.client.transport.internal.HTTPSessionListenerPromise;
import org.eclipse.jetty.http2.client.transport.internal.HttpConnectionOverHTTP2;
import org.eclipse.jetty.http2.frames.PrefaceFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/**
 * HTTP/2 for clients, as the library's own, but with sessions that keep early answers ({@link Http2Session}), and with connections
 * that take no request once their session is over.
 */
final class Http2 extends ClientConnectionFactory.Info {

    /**
     * How much of one answer may be on its way, unread. As many streams as are used, and no more, find room in the session's
     * window: however slow the clients of some are, there is some left for the others.
     */
    private static final int STREAM_WINDOW = 64 * 1024;

    private static final int STREAMS = 128;

    Http2(HTTP2Client client) {
        super(new Factory(client));
        client.setInitialStreamRecvWindow(STREAM_WINDOW);
        client.setInitialSessionRecvWindow(STREAMS * STREAM_WINDOW);
    }

    @Override
    public List<String> getProtocols(boolean secure) {
        return secure ? List.of("h2", "h2c") : List.of("h2c");
    }

    @Override
    public Transport newTransport() {
        return Transport.TCP_IP;
    }

    /** The library has no place to put a session in, so this makes the connection around it as well. */
    private static final class Factory extends ClientConnectionFactoryOverHTTP2 {

        private final HTTP2Client client;

        Factory(HTTP2Client client) {
            super(client);
            this.client = client;
        }

        @Override
        public org.eclipse.jetty.io.Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
            HTTPSessionListenerPromise promise = new HTTPSessionListenerPromise(context) {
                @Override
                protected Connection newConnection(
                        Destination destination, Session session, HTTP2Connection connection) {
                    return new Requests(destination, session, connection);
                }
            };
            Opening connection = new Opening(client, endPoint, new Http2Session(client, endPoint, promise), promise);
            context.put(HTTP2Connection.class.getName(), connection);
            connection.getSession().getParser().init(connection);
            return customize(connection, context);
        }
    }

    /** A session as the pool sees it. The library tells it of some ends of a session, and not of all. */
    private static final class Requests extends HttpConnectionOverHTTP2 {

        Requests(Destination destination, Session session, HTTP2Connection connection) {
            super(destination, session, connection);
        }

        @Override
        public int getMaxMultiplex() {
            return Math.min(super.getMaxMultiplex(), STREAMS);
        }

        @Override
        public SendFailure send(HttpExchange exchange) {
            if (getSession().isClosed()) {
                getHttpDestination().remove(this);
                // It is sent over another connection.
                return new SendFailure(new ClosedChannelException(), true);
            }
            return super.send(exchange);
        }
    }

    /** Says first what is to be said first, and reads only then. */
    private static final class Opening extends HTTP2Connection implements Callback {

        private final HTTP2Client client;
        private final Promise<Session> promise;

        Opening(HTTP2Client client, EndPoint endPoint, Http2Session session, Promise<Session> promise) {
            super(client.getByteBufferPool(), client.getExecutor(), endPoint, session, client.getInputBufferSize());
            this.client = client;
            this.promise = promise;
        }

        @Override
        public void onOpen() {
            Map<Integer, Integer> settings = Map.of(
                    SettingsFrame.MAX_CONCURRENT_STREAMS, client.getMaxConcurrentPushedStreams(),
                    SettingsFrame.INITIAL_WINDOW_SIZE, client.getInitialStreamRecvWindow(),
                    SettingsFrame.MAX_HEADER_LIST_SIZE, client.getMaxResponseHeadersSize());
            int more = client.getInitialSessionRecvWindow() - getSession().updateRecvWindow(0);
            getSession().updateRecvWindow(more);
            getSession()
                    .frames(
                            null,
                            List.of(
                                    new PrefaceFrame(),
                                    new SettingsFrame(settings, false),
                                    new WindowUpdateFrame(0, more)),
                            this);
        }

        @Override
        public void succeeded() {
            super.onOpen();
            promise.succeeded(getSession());
            produce();
        }

        @Override
        public void failed(Throwable thrown) {
            close();
            promise.failed(thrown);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
