package dev.sluice.proxy.exchange;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.server.RawHTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** An upstream of HTTP/2, by prior knowledge, that does with each request what a test says. */
final class Http2Upstream implements AutoCloseable {

    private final Server server = new Server();
    private final AtomicInteger sessions = new AtomicInteger();
    private final RawHTTP2ServerConnectionFactory http2;
    private final ServerConnector connector;

    /**
     * Makes one that doesn't listen yet.
     *
     * @param http the sizes of heads that it allows
     * @param requests what it does with the head of each, on a thread of the connection
     */
    Http2Upstream(HttpConfiguration http, BiConsumer<Stream, HeadersFrame> requests) {
        this.http2 = new RawHTTP2ServerConnectionFactory(http, new ServerSessionListener() {
            @Override
            public void onAccept(Session session) {
                sessions.incrementAndGet();
            }

            @Override
            public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
                requests.accept(stream, frame);
                return null;
            }
        });
        this.connector = new ServerConnector(server, 1, 1, http2);
    }

    RawHTTP2ServerConnectionFactory http2() {
        return http2;
    }

    void start() throws Exception {
        server.addConnector(connector);
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    /** {@return how many connections it has had} */
    int sessions() {
        return sessions.get();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
