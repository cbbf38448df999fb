package dev.sluice.chain.failure;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

/** What Jetty itself throws at who asks a request for nonsense that a client has sent. */
class JunkTest {

    private interface Ask {
        void ask(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    /** {@return what asking throws} */
    private static Exception thrownBy(String request, Ask ask) throws Exception {
        List<Exception> thrown = new ArrayList<>();
        Server server = new Server();
        LocalConnector connector = new LocalConnector(server);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(
                new ServletHolder(new HttpServlet() {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected void service(HttpServletRequest request, HttpServletResponse response) {
                        try {
                            ask.ask(request, response);
                        } catch (Exception e) {
                            thrown.add(e);
                        }
                    }
                }),
                "/*");
        server.setHandler(context);
        server.start();
        try {
            connector.getResponse(request);
        } finally {
            server.stop();
        }
        assertThat(thrown).as("it throws").hasSize(1);
        return thrown.get(0);
    }

    private static String get(String target, String header) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + header + "Connection: close\r\n\r\n";
    }

    private static boolean isFault(Exception thrown) {
        return ConnectionFault.in(thrown, Server.class.getClassLoader(), false).isPresent();
    }

    @Test
    void aHeaderThatIsNoDateOrNumberIsTheClients() throws Exception {
        Exception date = thrownBy(
                get("/", "If-Modified-Since: junk\r\n"),
                (request, response) -> request.getDateHeader("If-Modified-Since"));
        assertThat(isFault(date)).isTrue();
        assertThat(ConnectionFault.isJunk(date)).isTrue();
        Exception number =
                thrownBy(get("/", "X-Number: junk\r\n"), (request, response) -> request.getIntHeader("X-Number"));
        assertThat(isFault(number)).isTrue();
        assertThat(ConnectionFault.isJunk(number)).isTrue();
    }

    @Test
    void aParameterThatCantBeDecodedIsTheClients() throws Exception {
        Exception thrown = thrownBy(get("/?a=%zz", ""), (request, response) -> request.getParameter("a"));
        assertThat(isFault(thrown)).isTrue();
    }

    @Test
    void aWriteAfterSendErrorMeetsAClosedResponse() throws Exception {
        Exception thrown = thrownBy(get("/", ""), (request, response) -> {
            response.sendError(403);
            response.getOutputStream().write('x');
        });
        assertThat(ConnectionFault.isClosed(thrown)).isTrue();
    }

    @Test
    void aMisuseOfTheRequestIsNot() throws Exception {
        assertThat(isFault(thrownBy(
                        get("/", "X-Number: junk\r\n"),
                        (request, response) -> Integer.parseInt(request.getHeader("X-Number")))))
                .isFalse();
    }
}
