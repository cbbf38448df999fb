package dev.sluice.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

@Timeout(60)
class ProblemErrorsTest {

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
        server.setErrorHandler(new ProblemErrors());
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
        "'GET /a%2fb HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400, Bad Request",
        "'GET /a%2fb HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n', 400, Bad Request",
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
