package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connects begin when requests ask for them, and end when the test says so. */
@Timeout(60)
class WaitingTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(new ClientConnector()) {
        @Override
        public Destination newDestination(Origin origin) {
            return new Waiting(getHttpClient(), origin);
        }
    });
    private final Queue<Promise<List<InetSocketAddress>>> connects = new ArrayDeque<>();
    private final ServerSocket server;

    WaitingTest() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void start() throws Exception {
        // The first step of a connect.
        client.setSocketAddressResolver((host, port, promise) -> connects.add(promise));
        client.start();
        Thread upstream = new Thread(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    // An answer that comes before its request is none.
                    socket.getInputStream().read();
                    socket.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // The test's end.
            }
        });
        upstream.setDaemon(true);
        upstream.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.stop();
        server.close();
    }

    private CompletableFuture<Result> send() {
        return send(request());
    }

    private Request request() {
        return client.newRequest("127.0.0.1", server.getLocalPort()).scheme("http");
    }

    private static CompletableFuture<Result> send(Request request) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        request.send(result::complete);
        return result;
    }

    private void oneFails(String why) {
        connects.remove().failed(new ConnectException(why));
    }

    private void oneSucceeds() {
        connects.remove().succeeded(List.of((InetSocketAddress) server.getLocalSocketAddress()));
    }

    private static Result of(CompletableFuture<Result> sent) throws Exception {
        return sent.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aConnectThatFailsFailsThoseThatWaitedWhenItBegan() throws Exception {
        CompletableFuture<Result> sent = send();
        oneFails("refused");

        assertThat(of(sent).getFailure())
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("refused");
        assertThat(connects).isEmpty();
    }

    @Test
    void whoCameAfterItHadBegunWaitsForItsOwn() throws Exception {
        CompletableFuture<Result> before = send();
        CompletableFuture<Result> after = send();
        oneFails("refused");

        assertThat(of(before).getFailure()).hasMessage("refused");
        assertThat(after).isNotDone();
        assertThat(connects).isNotEmpty();

        oneSucceeds();
        assertThat(of(after).getResponse().getStatus()).isEqualTo(200);
    }

    @Test
    void whoCameWhenThereWereConnectsEnoughGetsOneMoreOnceTheyHaveFailed() throws Exception {
        Request one = request();
        Request two = request();
        CompletableFuture<Result> first = send(one);
        CompletableFuture<Result> second = send(two);
        one.abort(new IOException("left"));
        two.abort(new IOException("left"));
        assertThat(of(first).isFailed() && of(second).isFailed()).isTrue();
        assertThat(connects).hasSize(2);

        CompletableFuture<Result> third = send();
        assertThat(connects).hasSize(2);
        oneFails("refused before");
        oneFails("refused before");
        assertThat(third).isNotDone();
        assertThat(connects).isNotEmpty();

        oneFails("refused again");
        assertThat(of(third).getFailure()).hasMessage("refused again");
    }
}
