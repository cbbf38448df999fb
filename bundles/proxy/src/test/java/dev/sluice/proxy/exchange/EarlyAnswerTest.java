package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.RateControl;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With HTTP/2: an upstream that answers, and then wants no more of the request's body (RFC 9113, 8.1). */
@Timeout(60)
class EarlyAnswerTest {

    private static final int TIMES = 20;

    private final Http2Upstream upstream = new Http2Upstream(new HttpConfiguration(), this::answer);
    private volatile int length;
    private volatile boolean ends;
    private volatile ErrorCode code;

    /** Says what the test wants said, and resets the stream. */
    private void answer(Stream stream, HeadersFrame frame) {
        HttpFields fields = HttpFields.build().put("Content-Length", length);
        MetaData.Response answer = new MetaData.Response(413, null, HttpVersion.HTTP_2, fields);
        Callback reset = Callback.from(() -> stream.reset(new ResetFrame(stream.getId(), code.code), Callback.NOOP));
        if (length == 0) {
            stream.headers(new HeadersFrame(stream.getId(), answer, null, true), reset);
            return;
        }
        ByteBuffer body = ByteBuffer.wrap("x".repeat(ends ? length : length - 1).getBytes());
        stream.headers(
                new HeadersFrame(stream.getId(), answer, null, false),
                Callback.from(() -> stream.data(new DataFrame(stream.getId(), body, ends), reset)));
    }

    @BeforeEach
    void start() throws Exception {
        // What was on its way before the reset was heard of: Jetty takes fifty frames of it a second, and then closes.
        upstream.http2().setRateControlFactory(new RateControl.Factory() {});
        upstream.start();
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({"0, NO_ERROR", "10, NO_ERROR", "40000, NO_ERROR", "300000, NO_ERROR", "40000, CANCEL_STREAM_ERROR"})
    void comesWhole(int bytes, ErrorCode reset) throws Exception {
        length = bytes;
        ends = true;
        code = reset;
        try (Stage stage = new Stage(upstream.port()).http2()) {
            for (int i = 0; i < TIMES; i++) {
                try (Client client = stage.client()) {
                    client.request("POST", "/", "Content-Length: 1000000").send("x".repeat(100_000));
                    String head = client.head();
                    assertThat(head).startsWith("HTTP/1.1 413").contains("Content-Length: " + bytes);
                    assertThat(client.read(bytes)).isEqualTo("x".repeat(bytes));
                }
            }
            Stage.await("the end of all", () -> stage.visits() == 0);
            // (A client that has read all goes while its body is still taken.)
            assertThat(stage.upstream(0).said())
                    .hasSize(TIMES)
                    .contains("succeeded")
                    .doesNotContain("failed");
            // The connection has served all of them.
            assertThat(upstream.sessions()).isEqualTo(1);
        }
    }

    @Test
    void isBrokenOffIfItIsNotWhole() throws Exception {
        length = 1000;
        ends = false;
        code = ErrorCode.NO_ERROR;
        try (Stage stage = new Stage(upstream.port()).http2();
                Client client = stage.client()) {
            client.request("POST", "/", "Content-Length: 1000000").send("x".repeat(100_000));
            String answer = client.readToEnd();
            assertThat(answer).doesNotContain("x".repeat(1000));
            Stage.await("failure", () -> stage.upstream(0).said().contains("failed"));
        }
    }
}
