package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.HealthCheck;
import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.Tls;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthRequestRoomTest {

    @Test
    void needsNoConnectionOfThoseThatRequestsUse() throws Exception {
        PoolSettings one = new PoolSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                1,
                10,
                false,
                new Tls(Optional.empty(), true),
                PoolSettings.Http.HTTP_1_1);
        CompletableFuture<Void> isAsked = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Pools pools = new Pools()) {
            Thread upstream = new Thread(() -> {
                try (Socket slow = server.accept()) {
                    slow.getInputStream().read();
                    isAsked.complete(null);
                    Socket healthy = server.accept();
                    new BufferedReader(new InputStreamReader(healthy.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine();
                    healthy.getOutputStream().write("HTTP/1.1 204 Fine\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    healthy.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (java.io.IOException e) {
                    // The test's end.
                }
            });
            upstream.setDaemon(true);
            upstream.start();
            Pool pool = pools.acquire(one);
            pool.client()
                    .newRequest("127.0.0.1", server.getLocalPort())
                    .scheme("http")
                    .send(result -> {});
            isAsked.get(20, TimeUnit.SECONDS);
            Address address = new Address("http", "127.0.0.1", server.getLocalPort(), "");
            assertThat(pool.isFull(address)).isTrue();

            HealthCheck check = new HealthCheck("/health", Duration.ofSeconds(5), Duration.ofSeconds(3));

            assertThat(new HealthRequest(pool, address, check).send().get(20, TimeUnit.SECONDS))
                    .isEmpty();
        }
    }
}
