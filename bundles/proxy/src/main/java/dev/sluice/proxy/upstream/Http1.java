package dev.sluice.proxy.upstream;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.SendFailure;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpSenderOverHTTP;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/**
 * HTTP/1.1 for clients, as the library's own, but for upstreams that answer and close before they have the whole request
 * (413, say). Where its body can't be sent any more, the library fails the request, and the answer that came before with it.
 *
 * <p>Here it is the reading side that decides: the rest of the body is taken from the client, as long as the exchange goes on, and
 * dropped. An answer that is there is read; where there is none, the connection's end is what is read.
 *
 * <p>And no request waits on a connection from which nobody reads any more, as the library's own may when the upstream closes a
 * kept one (is restarted, say) while it is taken from the pool.
 */
final class Http1 extends HttpClientConnectionFactory {

    @Override
    public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
        return customize(new Hearing(endPoint, context), context);
    }

    private static final class Hearing extends HttpConnectionOverHTTP {

        Hearing(EndPoint endPoint, Map<String, Object> context) {
            super(endPoint, context);
        }

        @Override
        protected HttpChannelOverHTTP newHttpChannel() {
            return new Channel(this);
        }

        /**
         * Who closes it has marked it as closed before it looks for a request to abort; here the request is there before that mark
         * is looked at. So one of the two ends the request, also where all of it could still be written.
         */
        @Override
        public SendFailure send(HttpExchange exchange) {
            SendFailure failure = super.send(exchange);
            if (failure == null && isClosed()) {
                // Does nothing where it has ended by now.
                exchange.abort(new EOFException("closed when it was taken from the pool"), Promise.noop());
            }
            return failure;
        }
    }

    private static final class Channel extends HttpChannelOverHTTP {

        Channel(HttpConnectionOverHTTP connection) {
            super(connection);
        }

        @Override
        protected HttpSenderOverHTTP newHttpSender() {
            return new Sender(this);
        }

        @Override
        protected HttpReceiverOverHTTP newHttpReceiver() {
            return new Receiver(this);
        }
    }

    /** Closes what can't be read (as of TLS) also where no request is there to fail: it would stay in the pool, unread. */
    private static final class Receiver extends HttpReceiverOverHTTP {

        Receiver(HttpChannelOverHTTP channel) {
            super(channel);
        }

        @Override
        public void failAndClose(Throwable failure) {
            boolean idle = getHttpExchange() == null;
            super.failAndClose(failure);
            if (idle) {
                getHttpChannel().getHttpConnection().close();
            }
        }
    }

    /** One piece of a body is sent after the other; so the mark of the first that fails is seen by the next. */
    private static final class Sender extends HttpSenderOverHTTP {

        private volatile boolean unheard;

        Sender(HttpChannelOverHTTP channel) {
            super(channel);
        }

        /** The connection has served its last. */
        @Override
        protected boolean isShutdown() {
            return unheard || super.isShutdown();
        }

        @Override
        protected void sendContent(HttpExchange exchange, ByteBuffer content, boolean last, Callback callback) {
            if (unheard) {
                content.position(content.limit());
                callback.succeeded();
                return;
            }
            super.sendContent(exchange, content, last, new Callback.Nested(callback) {
                @Override
                public void failed(Throwable thrown) {
                    unheard = true;
                    content.position(content.limit());
                    super.succeeded();
                }
            });
        }
    }
}
