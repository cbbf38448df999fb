package dev.sluice.itests.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;

/** Writes bytes to a socket that no decent client would send, and reads what comes back. */
public final class RawHttp {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RawHttp() {}

    /** {@return the whole answer to a GET whose target is sent as it stands} */
    public static String get(URI server, String target, String... headers) {
        String host = server.getHost() + ":" + server.getPort();
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
        boolean ownHost = false;
        for (String header : headers) {
            ownHost |= header.startsWith("Host:");
            request.append(header).append("\r\n");
        }
        if (!ownHost) {
            request.append("Host: ").append(host).append("\r\n");
        }
        return exchange(server, request.append("Connection: close\r\n\r\n").toString());
    }

    /** {@return the status of the answer to such a GET} */
    public static int status(URI server, String target, String... headers) {
        String answer = get(server, target, headers);
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /** {@return what comes back until the server closes} */
    public static String exchange(URI server, String request) {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return whole(server, socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String whole(URI server, Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw Unanswered.told(server, e);
        }
    }
}
