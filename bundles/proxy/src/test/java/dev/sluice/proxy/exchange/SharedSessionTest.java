package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.server.HttpConfiguration;
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

    private final Http2Upstream upstream = new Http2Upstream(heads(), this::take);
    private final List<HttpFields> seen = new CopyOnWriteArrayList<>();
    private volatile Stream held;

    private void take(Stream stream, HeadersFrame frame) {
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
    }

    private static void answer(Stream stream, HttpFields fields) {
        MetaData.Response answer = new MetaData.Response(204, null, HttpVersion.HTTP_2, fields);
        stream.headers(new HeadersFrame(stream.getId(), answer, null, true), Callback.NOOP);
    }

    private static HttpConfiguration heads() {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(ALLOWED);
        http.setResponseHeaderSize(64 * 1024);
        return http;
    }

    @BeforeEach
    void start() throws Exception {
        upstream.start();
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
    }

    /** Another request is on its way while this runs, and unharmed by it. */
    private void beside(int status, String method, String path, String... headers) throws Exception {
        try (Stage stage = new Stage(upstream.port()).http2();
                Client other = stage.client();
                Client client = stage.client()) {
            other.get("/held");
            Stage.await("the other request", () -> held != null);
            assertThat(client.request(method, path, headers).status()).isEqualTo(status);
            answer(held, HttpFields.build());
            assertThat(other.status()).isEqualTo(204);
            assertThat(client.get("/").status()).isEqualTo(204);
            assertThat(upstream.sessions()).isEqualTo(1);
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
        try (Stage stage = new Stage(upstream.port()).http2();
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
            assertThat(upstream.sessions()).isEqualTo(2);
        }
    }
}
