package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.SluiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A request that stays in an {@code async} middleware until it is told to go on. Under load alone nobody would notice that the
 * bundles of a retired version are stopped without waiting for their requests: those are over in no time.
 */
final class Lingering {

    private final Path go;
    private final CompletableFuture<HttpResponse<String>> answer;

    private Lingering(Path go, CompletableFuture<HttpResponse<String>> answer) {
        this.go = go;
        this.answer = answer;
    }

    /** Sends it, and returns when it is in the middleware. */
    static Lingering in(SluiceProcess sluice) {
        try {
            Path go = Files.createTempDirectory(sluice.home().path().getParent(), "lingering")
                    .resolve("go");
            URI uri = sluice.data("/?wait=" + go);
            Lingering one = new Lingering(
                    go,
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build()
                            .sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
            Await.until(() -> assertThat(Path.of(go + ".entered")).exists());
            return one;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has it go on, and returns its answer. */
    Answer end() {
        assertThat(answer).as("it waits").isNotDone();
        try {
            Files.createFile(go);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpResponse<String> whole = answer.join();
        Map<String, String> headers = new LinkedHashMap<>();
        whole.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        return new Answer(whole.statusCode(), headers, whole.body());
    }
}
