package dev.sluice.benchmark.start;

import dev.sluice.benchmark.outside.ServerProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Asks a server that starts until it answers with 200: on a connection of its own each time, as nobody is there yet. */
final class FirstAnswer {

    private static final int OK = 200;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String PROTOCOL = "HTTP/1.1 ";

    private FirstAnswer() {}

    /** {@return milliseconds from the start of the process until all of the first answer with 200 has come} */
    static double await(ServerProcess process, URI uri) throws Exception {
        process.await("answering " + uri + " with 200", LOOK_NANOS, () -> status(uri) == OK);
        return (System.nanoTime() - process.started()) / NANOS_PER_MILLI;
    }

    /** {@return the status of the answer; 0 if there is none} */
    static int status(URI uri) {
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write(("GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority()
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.startsWith(PROTOCOL)
                    ? Integer.parseInt(answer.substring(PROTOCOL.length(), answer.indexOf(' ', PROTOCOL.length())))
                    : 0;
        } catch (IOException nobodyThere) {
            return 0;
        }
    }
}
