package dev.sluice.proxy.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.Map;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;

/**
 * Connects, as the library's own, but never to itself. Where nobody listens on a port of this machine that clients are given, too, TCP
 * may connect a client that is given that very port with itself. Kept open, or closed in the usual way (for a minute
 * then), such a connection would keep the upstream from having its port again.
 */
final class Connector extends ClientConnector {

    @Override
    protected Connection newConnection(EndPoint endPoint, Map<String, Object> context) throws IOException {
        SocketAddress own = endPoint.getLocalSocketAddress();
        if (own != null && own.equals(endPoint.getRemoteSocketAddress())) {
            if (endPoint instanceof SocketChannelEndPoint socket) {
                // Who throws here has it closed: with a reset, after which nothing is left of it.
                socket.getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            throw new ConnectException("Connection refused: nobody listens on " + own);
        }
        return super.newConnection(endPoint, context);
    }
}
