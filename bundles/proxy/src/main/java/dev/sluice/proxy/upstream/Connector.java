package dev.sluice.proxy.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.Map;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * Connects, as the library's own, but never with itself. Where nobody listens on a port of this machine that clients are given,
 * too, TCP connects a client that happens to be given that very port with itself. What it sends would be read as the
 * upstream's answer, and the request would count as sent; so it goes to no other upstream.
 */
final class Connector extends ClientConnector {

    /** Who throws here has the connection closed, and the connect failed. */
    @Override
    protected Connection newConnection(EndPoint endPoint, Map<String, Object> context) throws IOException {
        SocketAddress own = endPoint.getLocalSocketAddress();
        if (own != null && own.equals(endPoint.getRemoteSocketAddress())) {
            throw new ConnectException("Connection refused: nobody listens on " + own);
        }
        return super.newConnection(endPoint, context);
    }
}
