package dev.sluice.itests.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One connection, byte by byte: sends what it is told to, however slowly or wrongly, and tells whether an answer came whole
 * or was cut off, which no decent client lets one see.
 */
public final class Wire implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI server;
    private final Socket socket;
    private final InputStream in;

    private Wire(URI server) {
        this.server = server;
        try {
            socket = new Socket(server.getHost(), server.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a connection to a server} */
    public static Wire to(URI server) {
        return new Wire(server);
    }

    /** Sends a GET with these headers beside {@code Host}. */
    public Wire get(String target, String... headers) {
        return request("GET", target, headers);
    }

    /** Sends a request's head. */
    public Wire request(String method, String target, String... headers) {
        StringBuilder head = new StringBuilder(
                method + " " + target + " HTTP/1.1\r\nHost: " + server.getHost() + ":" + server.getPort() + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    /** Sends bytes as they stand. */
    public Wire send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the next answer on the connection, to a request that isn't a HEAD} */
    public Answer read() {
        try {
            Answer answer = answer();
            while (answer.status() >= 100 && answer.status() < 200 && answer.status() != 101) {
                answer = answer();
            }
            return answer;
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(Unanswered.told(server, e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the next line, without its end; empty if the server has closed} */
    public Optional<String> line() {
        try {
            return Optional.of(readLine());
        } catch (EOFException | SocketException end) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return whether the server has closed the connection, without another byte} Waits for one or the other. */
    public boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes away without a word: the server sees a reset at its next write. */
    public void breakOff() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer answer() throws IOException {
        String statusLine;
        try {
            statusLine = readLine();
        } catch (EOFException | SocketException end) {
            return Answer.NONE;
        }
        if (!statusLine.matches("HTTP/1\\.[01] \\d{3}.*")) {
            throw new IOException("no status line: " + statusLine);
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        Map<String, String> headers;
        try {
            headers = fields();
        } catch (EOFException | SocketException end) {
            return new Answer(status, Map.of(), "", Ending.CUT, Map.of());
        }
        if (status < 200 || status == 204 || status == 304) {
            return new Answer(status, headers, "", Ending.WHOLE, Map.of());
        }
        return body(status, headers);
    }

    private Answer body(int status, Map<String, String> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Map<String, String> trailers = Map.of();
        Ending ending = Ending.WHOLE;
        try {
            if (headers.getOrDefault("Transfer-Encoding", "").equalsIgnoreCase("chunked")) {
                for (int size; (size = Integer.parseInt(readLine().strip(), 16)) > 0; readLine()) {
                    copy(size, body);
                }
                trailers = fields();
            } else if (headers.containsKey("Content-Length")) {
                copy(Long.parseLong(headers.get("Content-Length")), body);
            } else {
                ending = Ending.BY_CLOSE;
                for (int b; (b = in.read()) >= 0; ) {
                    body.write(b);
                }
            }
        } catch (EOFException | SocketException cut) {
            ending = Ending.CUT;
        }
        return new Answer(status, headers, body.toString(ISO_8859_1), ending, trailers);
    }

    private void copy(long size, ByteArrayOutputStream to) throws IOException {
        for (long left = size; left > 0; ) {
            byte[] read = in.readNBytes((int) Math.min(left, 8192));
            if (read.length == 0) {
                throw new EOFException();
            }
            to.writeBytes(read);
            left -= read.length;
        }
    }

    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line; !(line = readLine()).isEmpty(); ) {
            int colon = line.indexOf(':');
            fields.merge(line.substring(0, colon), line.substring(colon + 1).strip(), (one, more) -> one + ", " + more);
        }
        return fields;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** How an answer ended. */
    public enum Ending {
        /** As its headers had promised. */
        WHOLE,
        /** By the connection's end, as an answer without a length does. */
        BY_CLOSE,
        /** Before its promised end: the client knows that something is missing. */
        CUT,
        /** The connection was closed before an answer began. */
        NONE
    }

    /**
     * An answer.
     *
     * @param status its status; 0 if none came
     * @param headers its headers, names in any case; several of one name joined by commas
     * @param body its body, as far as it came
     * @param ending how it ended
     * @param trailers what came after the body
     */
    public record Answer(
            int status, Map<String, String> headers, String body, Ending ending, Map<String, String> trailers) {

        static final Answer NONE = new Answer(0, Map.of(), "", Ending.NONE, Map.of());

        /** {@return a header, empty text if it isn't there} */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** {@return which middleware has run, each with its version} */
        public List<String> ran() {
            return header("X-Ran").isEmpty()
                    ? List.of()
                    : List.of(header("X-Ran").split(", "));
        }
    }
}
