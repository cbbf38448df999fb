package dev.sluice.benchmark.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One connection that is kept alive, and opened anew when it is gone. For one thread. */
final class KeptConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final URI target;
    private final byte[] request;
    private Socket socket;
    private InputStream in;

    KeptConnection(URI target) {
        this.target = target;
        this.request = ("GET " + target.getRawPath() + " HTTP/1.1\r\nHost: " + target.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Makes one request.
     *
     * @return the answer, when all of it has come
     * @throws IOException if there is none: the connection is closed then, and the next request opens another
     */
    Answered ask() throws IOException {
        try {
            if (socket == null) {
                socket = new Socket(target.getHost(), target.getPort());
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(PATIENCE_MILLIS);
                in = new BufferedInputStream(socket.getInputStream());
            }
            socket.getOutputStream().write(request);
            Answered answer = Answered.parse(head());
            body(answer.length());
            if (answer.closes()) {
                close();
            }
            return answer;
        } catch (IOException | RuntimeException e) {
            close();
            throw e instanceof IOException broken ? broken : new IOException(e);
        }
    }

    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int read = in.read();
            if (read < 0) {
                throw new EOFException("the connection ended within an answer's head");
            }
            head.write(read);
            ends = read == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : read == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private void body(long length) throws IOException {
        if (length < 0) {
            throw new IOException("an answer without a length");
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
