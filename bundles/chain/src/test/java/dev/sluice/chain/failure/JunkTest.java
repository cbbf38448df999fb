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

    private static final String REQUEST = "org.eclipse.jetty.ee10.servlet.ServletApiRequest";

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
        List<Exception> misuses = List.of(
                thrownBy(
                        get("/", "X-Number: junk\r\n"),
                        (request, response) -> Integer.parseInt(request.getHeader("X-Number"))),
                thrownBy(get("/", ""), (request, response) -> {
                    request.getInputStream();
                    request.getReader();
                }),
                thrownBy(get("/", ""), (request, response) -> request.setCharacterEncoding("no such thing")));
        for (Exception misuse : misuses) {
            assertThat(ConnectionFault.isJunk(misuse)).as("%s", misuse).isFalse();
            assertThat(isFault(misuse)).as("%s", misuse).isFalse();
        }
    }

    @Test
    void whatABundleMakesOfItWhileTheRequestAsksIsNot() {
        assertThat(ConnectionFault.isJunk(at(REQUEST, "getParameter"))).isTrue();
        assertThat(ConnectionFault.isJunk(at("a.Bundle", "parse", REQUEST, "getParameter")))
                .isFalse();
        assertThat(ConnectionFault.isJunk(at(REQUEST, "setAttribute"))).isFalse();
    }

    /** {@return an exception of the JDK that was thrown for whom the classes and methods name, from the top} */
    private static Exception at(String... frames) {
        Exception thrown = new NumberFormatException("junk");
        List<StackTraceElement> stack = new ArrayList<>();
        stack.add(new StackTraceElement("java.lang.Integer", "parseInt", null, -1));
        for (int i = 0; i < frames.length; i += 2) {
            stack.add(new StackTraceElement(frames[i], frames[i + 1], null, -1));
        }
        thrown.setStackTrace(stack.toArray(StackTraceElement[]::new));
        return thrown;
    }
}
