package dev.sluice.itests.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One connection that sends one GET after the other. It repeats nothing and forgives nothing: a connection that ends before
 * an answer is whole, or without having said {@code Connection: close} in the answer before, is an {@link IOException}. The
 * client of the JDK would send the request again, and the loss wouldn't be seen. For one thread.
 */
public final class KeepAlive implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int BODY_TOLD = 150;

    private final URI server;
    private Socket socket;
    private InputStream in;

    /** @param server the listener's address */
    public KeepAlive(URI server) {
        this.server = server;
    }

    /**
     * A whole answer.
     *
     * @param status the status
     * @param headers the headers, by lower-case name; of several of one name the last
     * @param body the body, read to its announced end
     */
    public record Answer(int status, Map<String, String> headers, String body) {

        /** {@return a header} */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }

        /** Without what only fills the lines of a complaint. */
        @Override
        public String toString() {
            return status + " " + headers + " "
                    + body.substring(0, Math.min(body.length(), BODY_TOLD)).strip();
        }
    }

    /**
     * {@return the answer to a GET}
     *
     * @param headers lines as {@code Name: value}
     */
    public Answer get(String target, String... headers) throws IOException {
        try {
            connect();
            StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
            request.append("Host: ").append(server.getAuthority()).append("\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
            Answer answer = read();
            if (answer.header("Connection").filter("close"::equalsIgnoreCase).isPresent()) {
                close();
            }
            return answer;
        } catch (SocketTimeoutException e) {
            IOException told = Unanswered.told(server, e);
            close();
            throw told;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void connect() throws IOException {
        if (socket == null) {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), (int) PATIENCE.toMillis());
            in = new BufferedInputStream(socket.getInputStream());
        }
    }

    private Answer read() throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.1 ")) {
            throw new IOException("no status line: " + status);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(status.substring(9, 12)), headers, body(headers));
    }

    private String body(Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunks();
        }
        String length = headers.get("content-length");
        if (length == null) {
            throw new IOException("an answer with neither Content-Length nor chunks: " + headers);
        }
        return new String(exactly(Integer.parseInt(length)), ISO_8859_1);
    }

    private String chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().strip(), 16);
            body.write(exactly(size));
            if (size > 0) {
                line();
                continue;
            }
            while (!line().isEmpty()) {
                // trailers
            }
            return body.toString(ISO_8859_1);
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body was cut: " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException(
                        "the connection was closed without a word, after \"" + line.toString(ISO_8859_1) + "\"");
            }
            if (b == '\n') {
                return line.toString(ISO_8859_1).replace("\r", "");
            }
            line.write(b);
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // What is wrong with it was said already.
            }
            socket = null;
        }
    }
}
