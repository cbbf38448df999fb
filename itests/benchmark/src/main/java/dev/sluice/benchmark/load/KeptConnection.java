package dev.sluice.benchmark.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * One connection that is kept alive, and opened anew when it is gone. A server may close it between two requests, and the next one
 * may be on its way then: as usual clients do, it is sent once more, on a new connection. For one thread.
 */
final class KeptConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final URI target;
    private final byte[] request;
    private Socket socket;
    private InputStream in;

    /** Of the request under way: whether any of its answer has come, and the status as soon as the head has. */
    private boolean hasBegun;

    private int status;
    private int sentAgain;

    KeptConnection(URI target) {
        this.target = target;
        this.request = ("GET " + target.getRawPath() + " HTTP/1.1\r\nHost: " + target.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Makes one request.
     *
     * @return the answer, when all of it has come
     * @throws BrokenOff if it doesn't: the connection is closed then, and the next request opens another
     */
    Answered ask() throws BrokenOff {
        boolean isUsed = socket != null;
        hasBegun = false;
        status = 0;
        try {
            return exchange();
        } catch (IOException | RuntimeException e) {
            close();
            if (isUsed && !hasBegun && !(e instanceof SocketTimeoutException)) {
                sentAgain++;
                return ask();
            }
            throw new BrokenOff(status, e);
        }
    }

    /** {@return how many requests were sent a second time, as the server had closed the connection between two} */
    int sentAgain() {
        return sentAgain;
    }

    private Answered exchange() throws IOException {
        if (socket == null) {
            socket = new Socket(target.getHost(), target.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        }
        socket.getOutputStream().write(request);
        Answered answer = Answered.parse(head());
        status = answer.status();
        body(answer.length());
        if (answer.closes()) {
            close();
        }
        return answer;
    }

    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int read = in.read();
            if (read < 0) {
                throw new EOFException("the connection ended within an answer's head");
            }
            hasBegun = true;
            head.write(read);
            ends = read == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : read == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private void body(long length) throws IOException {
        if (length < 0) {
            throw new IOException("an answer without a length: all these servers know it");
        }
        in.skipNBytes(length);
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException gone) {
                // It is gone.
            }
            socket = null;
        }
    }
}
