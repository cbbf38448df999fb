package dev.sluice.container;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A run that is only there for the JVM to see which classes a start and the first requests need, so that it can write them
 * down: {@code bin/sluice} starts one, and the JVM writes when it ends. It goes through the start and the stop that every
 * run goes through.
 */
final class Training {

    private static final String ASKED_FOR = "sluice.training";

    private static final int PATIENCE_MILLIS = 30_000;

    /** Several, as some of what serves requests is loaded when a connection is used again, or after some calls. */
    private static final int ROUNDS = 10;

    private static final List<String> OF_ADMIN = List.of("/health/live", "/health/ready", "/api/v1/status");

    private Training() {}

    static boolean isAskedFor() {
        return Boolean.getBoolean(ASKED_FOR);
    }

    /**
     * Asks the container for some answers, and begins to end the process; doesn't return.
     *
     * @throws IOException if one doesn't come
     */
    static void run(int port, int adminPort) throws IOException {
        OwnClasses.load(Container.jar(), Training.class.getClassLoader());
        for (int round = 0; round < ROUNDS; round++) {
            ask(port, List.of("/", "/", "/some/path?of=clients"));
            ask(adminPort, OF_ADMIN);
        }
        System.exit(ExitCode.STOPPED);
    }

    /** Ends a training that can't go on; does nothing in any other run. */
    static void failed(IOException e) {
        if (isAskedFor()) {
            System.err.println("The training failed: " + e);
            System.exit(ExitCode.FAILURE);
        }
    }

    /** On one connection, which the last request has closed. What the answers are doesn't matter. */
    private static void ask(int port, List<String> paths) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < paths.size(); i++) {
                requests.append("GET ").append(paths.get(i)).append(" HTTP/1.1\r\nHost: localhost\r\n");
                requests.append(i == paths.size() - 1 ? "Connection: close\r\n\r\n" : "\r\n");
            }
            socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            InputStream answers = socket.getInputStream();
            if (answers.readAllBytes().length == 0) {
                throw new IOException("no answer at port " + port);
            }
        }
    }
}
