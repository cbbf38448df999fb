package dev.sluice.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(60)
class ProblemErrorsTest {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemErrors.class);

    private static final String PROBLEM = "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d}\n";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new jakarta.servlet.http.HttpServlet() {}), "/");
        server.setHandler(context);
        server.start();
        // As the gate does: on a server that runs.
        server.setErrorHandler(new ProblemErrors(new RefusedPaths(LOG, System::nanoTime)));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private String answer(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nContent-Length: x\r\n\r\n', 400, Bad Request",
        "'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400, Bad Request",
        "'GET / HTTP/1.1\r\n\r\n', 400, Bad Request",
        "'GET / HTTP/7.1\r\nHost: a\r\n\r\n', 505, HTTP Version Not Supported",
        "'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404, Not Found"
    })
    void whatJettyRefusesItselfIsAProblem(String request, int status, String title) throws Exception {
        assertThat(answer(request))
                .startsWith("HTTP/1.1 " + status)
                .contains("Content-Type: application/problem+json")
                .contains("Cache-Control: no-store")
                .doesNotContainIgnoringCase("jetty/")
                .endsWith("\r\n\r\n" + PROBLEM.formatted(title, status));
    }

    @ParameterizedTest
    @CsvSource({
        "/@scope%2fpkg, Ambiguous URI path separator",
        "/web/http://x/, Ambiguous URI empty segment",
        "/caf%E9, Bad UTF-8 encoding",
        "/a/%2e%2e/b, Ambiguous URI path segment",
        "/a/..;/b, Ambiguous URI path parameter",
        "/a%5cb, Suspicious Path Character"
    })
    void whatIsWrongWithAPathIsSaid(String path, String reason) throws Exception {
        try (Said said = new Said()) {
            for (int i = 0; i < 3; i++) {
                assertThat(answer("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 400")
                        .contains("\"detail\":\"The path can be read in more than one way: " + reason + "\"}\n");
            }
            // However many there are: clients can't fill the log.
            assertThat(said.lines).singleElement().asString().contains(reason);
        }
    }

    /** What the class under test logs while it is open. */
    private static final class Said extends Handler implements AutoCloseable {

        private final java.util.logging.Logger logger =
                java.util.logging.Logger.getLogger(ProblemErrors.class.getName());
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Said() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord logged) {
            lines.add(new SimpleFormatter().formatMessage(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    @Test
    void howManyThereWereIsSaidOnceInAMinute() {
        AtomicLong now = new AtomicLong();
        RefusedPaths refused = new RefusedPaths(LOG, now::get);
        try (Said said = new Said()) {
            refused.refused("one");
            for (int i = 0; i < 1_000; i++) {
                now.addAndGet(59_000_000);
                refused.refused("other");
            }
            now.addAndGet(1_000_000_000);
            refused.refused("last");
            assertThat(said.lines).hasSize(2);
            assertThat(said.lines.get(1)).startsWith("1001 ").contains("last");
        }
    }

    @Test
    void aHeadTooLargeIsOneToo() throws Exception {
        assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .endsWith(PROBLEM.formatted("Request Header Fields Too Large", 431));
    }

    @Test
    void toHeadItHasNoBody() throws Exception {
        assertThat(answer("HEAD /a%2fb HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .endsWith("\r\n\r\n");
    }
}
