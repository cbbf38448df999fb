package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.SendFailure;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class Http1Test {

    /** Nobody connects to it. */
    private static final String ADDRESS = "http://127.0.0.1:1/";

    private final HttpClient client = new HttpClient();
    private final ByteArrayEndPoint network = new ByteArrayEndPoint() {
        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            if (unreadable) {
                throw new IOException("what came can't be decrypted");
            }
            return super.fill(buffer);
        }
    };
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private volatile boolean unreadable;

    @BeforeEach
    void start() throws Exception {
        client.start();
        network.setGrowOutput(true);
    }

    @AfterEach
    void stop() throws Exception {
        client.stop();
    }

    /** It is closed as soon as it is found without a request; who takes it from the pool at that moment doesn't know. */
    @Test
    void aRequestThatIsGivenAConnectionWhileThatIsBeingClosedFails() throws Exception {
        HttpConnectionOverHTTP[] connection = new HttpConnectionOverHTTP[1];
        // The last that is done before it can't be written to any more.
        connection[0] = open(() -> send(connection[0]));

        connection[0].close();

        assertThat(network.takeOutputString()).startsWith("GET / HTTP/1.1\r\n");
        assertThat(network.isOpen()).isFalse();
        assertThat(result.get(5, TimeUnit.SECONDS).getResponseFailure()).isNotNull();
    }

    @Test
    void aRequestThatIsGivenAClosedConnectionFails() throws Exception {
        HttpConnectionOverHTTP connection = open(() -> {});
        connection.close();

        send(connection);

        assertThat(result.get(5, TimeUnit.SECONDS).getResponseFailure()).isNotNull();
    }

    /** Left open it would be in the pool, for a request whose answer nobody reads. */
    @Test
    void aConnectionThatCannotBeReadIsClosedAlsoWhereItHasNoRequest() {
        HttpConnectionOverHTTP connection = open(() -> {});

        unreadable = true;
        connection.onFillable();

        assertThat(connection.isClosed()).isTrue();
        assertThat(network.isOpen()).isFalse();
    }

    @Test
    void aRequestOnAConnectionThatCannotBeReadFailsWithWhatIsWrong() throws Exception {
        HttpConnectionOverHTTP connection = open(() -> {});
        send(connection);

        unreadable = true;
        connection.onFillable();

        assertThat(result.get(5, TimeUnit.SECONDS).getResponseFailure()).hasMessageContaining("decrypted");
        assertThat(network.isOpen()).isFalse();
    }

    /** As the pool does it. */
    private void send(HttpConnectionOverHTTP connection) {
        Request request = client.newRequest(ADDRESS).onComplete(result::complete);
        SendFailure failure = connection.send(new HttpExchange(connection.getHttpDestination(), (HttpRequest) request));
        assertThat(failure).isNull();
    }

    private HttpConnectionOverHTTP open(Runnable beforeShutdown) {
        EndPoint endPoint = (EndPoint) Proxy.newProxyInstance(
                EndPoint.class.getClassLoader(), new Class<?>[] {EndPoint.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("shutdownOutput")) {
                        beforeShutdown.run();
                    }
                    try {
                        return method.invoke(network, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        HttpConnectionOverHTTP connection = (HttpConnectionOverHTTP) new Http1()
                .newConnection(
                        endPoint,
                        Map.of(
                                HttpClientTransport.HTTP_DESTINATION_CONTEXT_KEY,
                                client.resolveDestination(client.newRequest(ADDRESS)),
                                HttpClientTransport.HTTP_CONNECTION_PROMISE_CONTEXT_KEY,
                                Promise.noop()));
        network.setConnection(connection);
        network.onOpen();
        connection.onOpen();
        return connection;
    }
}
