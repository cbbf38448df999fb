package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.Tls;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.ClientConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ConnectorTest {

    private final Pools pools = new Pools();

    @AfterEach
    void close() {
        pools.close();
    }

    private HttpClient client(PoolSettings.Http http) {
        return pools.acquire(new PoolSettings(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(20),
                        10,
                        10,
                        false,
                        new Tls(Optional.empty(), true),
                        http))
                .client();
    }

    @ParameterizedTest
    @EnumSource
    void whereNobodyListensItIsRefusedAlsoByItself(PoolSettings.Http http) throws Exception {
        HttpClient client = client(http);
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) free.getLocalSocketAddress();
        }
        // What a client is given by chance.
        client.getContainedBeans(ClientConnector.class).forEach(connector -> connector.setBindAddress(address));

        CompletableFuture<Result> result = new CompletableFuture<>();
        client.newRequest(address.getHostString(), address.getPort())
                .scheme("http")
                .send(result::complete);

        assertThat(result.get(20, TimeUnit.SECONDS).getFailure())
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("Connection refused");
    }

    @ParameterizedTest
    @EnumSource
    void requestsWaitForConnectsThatBeganAfterThem(PoolSettings.Http http) {
        HttpClient client = client(http);
        assertThat(client.resolveDestination(client.newRequest("http://127.0.0.1:1/")))
                .isInstanceOf(Waiting.class);
    }
}
