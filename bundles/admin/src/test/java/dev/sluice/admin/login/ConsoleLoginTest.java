package dev.sluice.admin.login;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console's own check, for requests that came some other way than through the door, and for those that came there. */
class ConsoleLoginTest {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private volatile boolean throughTheDoor;

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Console()), "/*");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private final class Console extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.setAttribute("dev.sluice.admin.admission", "forged");
            if (throughTheDoor) {
                Admission.grant(request);
            }
            Object user = new ConsoleLogin().authenticate(request, response);
            if (user != null) {
                response.getWriter().print("console of " + user);
            }
        }
    }

    private HttpResponse<String> ask(String login) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/system/console/bundles"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes()))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    @Test
    void theConsoleIsClosedToWhoDidNotComeThroughTheDoorWhateverTheLogin() throws Exception {
        HttpResponse<String> answer = ask("admin:admin");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).doesNotContain("console of");
    }

    @Test
    void theConsoleIsOpenToWhoCameThroughTheDoor() throws Exception {
        throughTheDoor = true;
        assertThat(ask("admin:whatever").body()).isEqualTo("console of admin");
    }
}
