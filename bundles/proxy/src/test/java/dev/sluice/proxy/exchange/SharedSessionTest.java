package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.server.RawHTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With HTTP/2 many requests have one connection; what is wrong with one of them is not to be felt by the others. */
@Timeout(60)
class SharedSessionTest {

    private static final int ALLOWED = 2000;

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1, http2());
    private final AtomicInteger sessions = new AtomicInteger();
    private final List<HttpFields> seen = new CopyOnWriteArrayList<>();
    private volatile Stream held;

    private final class Upstream implements ServerSessionListener {

        @Override
        public void onAccept(Session session) {
            sessions.incrementAndGet();
        }

        @Override
        public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
            MetaData.Request request = (MetaData.Request) frame.getMetaData();
            seen.add(request.getHttpFields());
            switch (request.getHttpURI().getPath()) {
                case "/held" -> held = stream;
                case "/large" -> {
                    // As some do, it doesn't look at what it has been told it may send.
                    ((HTTP2Session) stream.getSession())
                            .getGenerator()
                            .getHpackEncoder()
                            .setMaxHeaderListSize(64 * 1024);
                    answer(stream, HttpFields.build().put("X-Large", "x".repeat(20_000)));
                }
                default -> answer(stream, HttpFields.build());
            }
            return null;
        }
    }

    private static void answer(Stream stream, HttpFields fields) {
        MetaData.Response answer = new MetaData.Response(204, null, HttpVersion.HTTP_2, fields);
        stream.headers(new HeadersFrame(stream.getId(), answer, null, true), Callback.NOOP);
    }

    private RawHTTP2ServerConnectionFactory http2() {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(ALLOWED);
        http.setResponseHeaderSize(64 * 1024);
        RawHTTP2ServerConnectionFactory http2 = new RawHTTP2ServerConnectionFactory(http, new Upstream());
        return http2;
    }

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    /** Another request is on its way while this runs, and unharmed by it. */
    private void beside(int status, String method, String path, String... headers) throws Exception {
        try (Stage stage = new Stage(connector.getLocalPort()).http2();
                Client other = stage.client();
                Client client = stage.client()) {
            other.get("/held");
            Stage.await("the other request", () -> held != null);
            assertThat(client.request(method, path, headers).status()).isEqualTo(status);
            answer(held, HttpFields.build());
            assertThat(other.status()).isEqualTo(204);
            assertThat(client.get("/").status()).isEqualTo(204);
            assertThat(sessions).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void methodsAndFieldsOfAllSortsPass(String method) throws Exception {
        beside(204, method, "/", "TE: trailers", "Content-Length: 0");
        assertThat(seen.get(1).get("TE")).isEqualTo("trailers");
    }

    @Test
    void anAnswerWithALargeHeadFailsAlone() throws Exception {
        beside(502, "GET", "/large");
    }

    @Test
    void aRequestWithAHeadLargerThanTheUpstreamAllowsIsRefusedAlone() throws Exception {
        beside(431, "GET", "/", "X-Large: " + "x".repeat(ALLOWED));
    }

    @Test
    void aSessionThatHasEndedIsGivenToNoOtherRequest() throws Exception {
        try (Stage stage = new Stage(connector.getLocalPort()).http2();
                Client client = stage.client()) {
            assertThat(client.get("/").status()).isEqualTo(204);
            // More trailers than the upstream allows: that is found when they are encoded, and ends the session.
            client.request("POST", "/held", "Transfer-Encoding: chunked", "Trailer: X-Large")
                    .send("1\r\nx\r\n0\r\nX-Large: " + "x".repeat(2 * ALLOWED) + "\r\n\r\n");
            assertThat(client.status()).isEqualTo(502);
            for (int i = 0; i < 3; i++) {
                try (Client next = stage.client()) {
                    assertThat(next.get("/").status()).isEqualTo(204);
                }
            }
            assertThat(sessions).hasValue(2);
        }
    }
}
