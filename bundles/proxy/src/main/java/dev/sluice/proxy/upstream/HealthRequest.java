package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.HealthCheck;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;

/**
 * Asks an upstream for its health: a GET over a connection that requests don't use. However many they are, it waits for none.
 */
final class HealthRequest {

    /** What is tagged has connections of its own. */
    private static final String TAG = "health";

    private final Pool pool;
    private final Address address;
    private final HealthCheck settings;

    HealthRequest(Pool pool, Address address, HealthCheck settings) {
        this.pool = pool;
        this.address = address;
        this.settings = settings;
    }

    /** {@return what is wrong, or nothing; it fails where that can't be told} */
    CompletableFuture<Optional<String>> send() {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        pool.client()
                .newRequest(address.host(), address.port())
                .scheme(address.scheme())
                .tag(TAG)
                .path(address.basePath() + settings.path())
                .method(HttpMethod.GET)
                .followRedirects(false)
                .headers(headers -> headers.put(HttpHeader.USER_AGENT, "sluice health check"))
                .timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .send(result -> judge(result, answer));
        return answer;
    }

    private void judge(Result result, CompletableFuture<Optional<String>> answer) {
        if (result.isFailed()) {
            Throwable failure = result.getFailure();
            if (failure instanceof RejectedExecutionException) {
                answer.completeExceptionally(failure); // the proxy stops
            } else {
                answer.complete(Optional.of("GET " + settings.path() + " failed: " + failure));
            }
        } else {
            int status = result.getResponse().getStatus();
            boolean good = status >= 200 && status < 400;
            answer.complete(good ? Optional.empty() : Optional.of("GET " + settings.path() + " answers " + status));
        }
    }
}
