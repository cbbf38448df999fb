package dev.sluice.itests.upstream;

import dev.sluice.itests.upstream.Scripted.Connection;
import java.io.IOException;
import java.util.Locale;

/** The script of a server that keeps its connections, reads bodies as they are announced, and answers with the target. */
final class Echo {

    private Echo() {}

    static void play(Connection connection) throws IOException {
        for (String head; !(head = connection.head()).isEmpty(); ) {
            String lower = head.toLowerCase(Locale.ROOT);
            if (lower.contains("\r\ntransfer-encoding:")) {
                skipChunks(connection);
            } else if (lower.contains("\r\ncontent-length:")) {
                connection.body().skipNBytes(length(lower));
            }
            String target = head.split(" ")[1];
            connection.say("HTTP/1.1 200 OK\r\nX-Got: " + target + "\r\nContent-Length: "
                    + (head.startsWith("HEAD ") ? "0\r\n\r\n" : "2\r\n\r\nok"));
        }
    }

    private static long length(String lower) {
        String from = lower.substring(lower.indexOf("\r\ncontent-length:") + "\r\ncontent-length:".length());
        return Long.parseLong(from.substring(0, from.indexOf('\r')).strip());
    }

    private static void skipChunks(Connection connection) throws IOException {
        while (true) {
            int size = Integer.parseInt(line(connection), 16);
            connection.body().skipNBytes(size);
            if (size == 0) {
                while (!line(connection).isEmpty()) {
                    // A trailer.
                }
                return;
            }
            line(connection);
        }
    }

    private static String line(Connection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b; (b = connection.body().read()) != '\n' && b >= 0; ) {
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
