package dev.sluice.proxy.upstream;

import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.http2.client.transport.internal.HTTPSessionListenerPromise;
import org.eclipse.jetty.http2.frames.PrefaceFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** HTTP/2 for clients, as the library's own, but with sessions that keep early answers: {@link Http2Session}. */
final class Http2 extends ClientConnectionFactory.Info {

    Http2(HTTP2Client client) {
        super(new Factory(client));
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
        public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
            HTTPSessionListenerPromise promise = new HTTPSessionListenerPromise(context);
            Opening connection = new Opening(client, endPoint, new Http2Session(client, endPoint, promise), promise);
            context.put(HTTP2Connection.class.getName(), connection);
            connection.getSession().getParser().init(connection);
            return customize(connection, context);
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
