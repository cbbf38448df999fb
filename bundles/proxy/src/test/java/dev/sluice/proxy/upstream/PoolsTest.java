package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PoolsTest {

    @TempDir
    private Path folder;

    private final Pools pools = new Pools();

    @AfterEach
    void close() {
        pools.close();
    }

    private static PoolSettings settings(Optional<Path> trust) {
        return new PoolSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                10,
                10,
                trust.isPresent(),
                new Tls(trust, true),
                PoolSettings.Http.HTTP_1_1);
    }

    private static boolean isLoading() {
        return Thread.getAllStackTraces().values().stream().anyMatch(stack -> Arrays.stream(stack)
                .anyMatch(frame -> frame.getClassName().equals(Clients.class.getName())
                        && frame.getMethodName().equals("trusted")));
    }

    @Test
    void equalSettingsShareAPoolUntilTheLastHasLeft() {
        Pool first = pools.acquire(settings(Optional.empty()));
        Pool second = pools.acquire(settings(Optional.empty()));
        assertThat(second).isSameAs(first);
        pools.release(first);
        assertThat(pools.acquire(settings(Optional.empty()))).isSameAs(first);
        pools.release(first);
        pools.release(first);
        assertThat(pools.acquire(settings(Optional.empty()))).isNotSameAs(first);
    }

    @Test
    void oneThatTakesItsTimeToStartKeepsNobodyElseWaiting() throws Exception {
        Pool other = pools.acquire(settings(Optional.empty()));
        // Opened for reading, it waits for a writer.
        Path pipe = folder.resolve("trust.pem");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<Pool> slow = CompletableFuture.supplyAsync(() -> pools.acquire(settings(Optional.of(pipe))));
        try {
            CompletableFuture<Void> released = CompletableFuture.runAsync(() -> {
                while (!slow.isDone() && !isLoading()) {
                    Thread.onSpinWait();
                }
                pools.release(other);
            });
            released.get(20, TimeUnit.SECONDS);
            assertThat(slow).isNotDone();
        } finally {
            Files.writeString(pipe, "no certificate");
        }
        assertThatThrownBy(() -> slow.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
        // It has left nothing behind.
        Files.delete(pipe);
        Files.writeString(pipe, "no certificate either");
        assertThatThrownBy(() -> pools.acquire(settings(Optional.of(pipe))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
