package dev.sluice.itests.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that says on each connection what the test has thought out, and keeps what came. */
final class Scripted implements AutoCloseable {

    private final ServerSocket server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    private Scripted(Script script) {
        try {
            server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(() -> {
            while (!server.isClosed()) {
                Connection connection = new Connection(server.accept());
                connections.add(connection);
                daemon(() -> {
                    try (connection.socket) {
                        script.play(connection);
                    } finally {
                        connection.over = true;
                    }
                });
            }
        });
    }

    /** {@return a server that runs} */
    static Scripted doing(Script script) {
        return new Scripted(script);
    }

    /** {@return its address, as a route has it} */
    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** {@return the connections so far} */
    List<Connection> connections() {
        return connections;
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Connection connection : connections) {
                connection.socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException end) {
                // Of the connection, or of the server.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Body {
        void run() throws IOException;
    }

    /** What happens on a connection, which is closed afterwards. */
    @FunctionalInterface
    interface Script {
        void play(Connection connection) throws IOException;
    }

    /** A connection, and all bytes that came by it. */
    static final class Connection {

        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final Socket socket;
        private final InputStream in;
        private volatile boolean over;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            // Behind the buffer, so that what was received but not asked for is kept, too.
            in = new BufferedInputStream(new FilterInputStream(socket.getInputStream()) {
                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    int read = super.read(into, from, length);
                    synchronized (received) {
                        received.write(into, from, Math.max(read, 0));
                    }
                    return read;
                }

                @Override
                public long skip(long count) throws IOException {
                    return Math.max(0, read(new byte[(int) Math.min(count, 8192)]));
                }
            });
        }

        /** {@return what came so far} */
        String received() {
            synchronized (received) {
                return received.toString(ISO_8859_1);
            }
        }

        /** {@return whether the script has ended, or failed} */
        boolean isOver() {
            return over;
        }

        /** {@return the next head, up to its empty line; empty text at the connection's end} */
        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return "";
                }
                head.append((char) b);
            }
            return head.toString();
        }

        /** {@return the body's bytes} */
        InputStream body() {
            return in;
        }

        /** Says something. */
        Connection say(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return this;
        }

        /** Waits until the peer has closed, and leaves out what it says before. */
        void awaitClose() throws IOException {
            while (in.read() >= 0) {
                // Kept already.
            }
        }

        /** Ends it with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
