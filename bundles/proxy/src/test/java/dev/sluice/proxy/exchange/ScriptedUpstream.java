package dev.sluice.proxy.exchange;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An upstream that does, byte by byte, what a test says. */
final class ScriptedUpstream implements AutoCloseable {

    /** What is done with a connection; when it returns, the connection is closed. */
    interface Script {
        void run(Line line) throws Exception;
    }

    /** A connection, from the upstream's side. */
    static final class Line {

        private final Socket socket;
        private final InputStream in;

        Line(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** {@return a request's head} */
        String head() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    throw new EOFException("after: " + head);
                }
                head.write(b);
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        }

        String read(int length) throws IOException {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("after " + bytes.length + " of " + length + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        /** {@return what comes, up to and with this text} */
        String readTo(String end) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.indexOf(end) < 0) {
                text.append(read(1));
            }
            return text.toString();
        }

        /** {@return whether the other side has closed; waits for that, or for a byte} */
        boolean isClosed() throws IOException {
            try {
                return in.read() < 0;
            } catch (SocketException reset) {
                return true;
            }
        }

        int available() throws IOException {
            return in.available();
        }

        Line send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Line send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    ScriptedUpstream(Script... scripts) throws IOException {
        server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        start("upstream", () -> {
            // One script for each connection; the last one for all that follow.
            for (int i = 0; ; i++) {
                Socket socket = server.accept();
                sockets.add(socket);
                Script script = scripts[Math.min(i, scripts.length - 1)];
                start("upstream-" + i, () -> {
                    try (socket) {
                        script.run(new Line(socket));
                    }
                });
            }
        });
    }

    private void start(String name, Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (SocketException closed) {
                        // By the test's end.
                    } catch (Throwable e) {
                        problems.add(name + ": " + e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Body {
        void run() throws Exception;
    }

    int port() {
        return server.getLocalPort();
    }

    /** {@return how many connections there were} */
    int connections() {
        return sockets.size();
    }

    /** {@return what went otherwise than scripted} */
    List<String> problems() {
        return problems;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** {@return a port where nobody listens} */
    static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
