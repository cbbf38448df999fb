package dev.sluice.listener;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AsSentTest {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new Shown()), "/");
        server.setHandler(context);
        server.start();
        // As the gate does: on a server that runs.
        AsSent.letThrough(context);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private String answer(String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource({"/100%25.txt, /100%.txt", "/a%25, /a%", "/%252e%252e/x, /%2e%2e/x"})
    void aPercentSignIsDecodedOnce(String path, String decoded) throws Exception {
        assertThat(answer(path)).startsWith("HTTP/1.1 200").endsWith("<" + decoded + ">");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a%2fb",
                "/a%25%2fb",
                "/%2e%2e/x",
                "/%25/%2e%2e/x",
                "/a//b",
                "/%25//b",
                "/a/..;/b",
                "/%25;/..;/b",
                "/a%5cb",
                "/%25%5cb",
                "/%E9",
                "/%25%E9",
                "/%zz",
                "/%",
                "/%25%"
            })
    void allElseIsRefusedAsBefore(String path) throws Exception {
        assertThat(answer(path)).startsWith("HTTP/1.1 400");
    }

    private static final class Shown extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String info = request.getPathInfo();
            response.getOutputStream().print("<" + request.getServletPath() + (info == null ? "" : info) + ">");
        }
    }
}
