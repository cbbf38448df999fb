package dev.sluice.itests.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An HTTP/1.1 client that keeps its connections alive, with headers of its own. */
public final class Client {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http;
    private final List<String> headers;

    private Client(List<String> headers) {
        this(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .build(),
                headers);
    }

    private Client(HttpClient http, List<String> headers) {
        this.http = http;
        this.headers = List.copyOf(headers);
    }

    /** {@return a client that nobody knows} */
    public static Client anonymous() {
        return new Client(List.of());
    }

    /** {@return a client that sends a login with each request} */
    public static Client withLogin(String user, String password) {
        return anonymous().login(user, password);
    }

    /** {@return a client that sends a login with each request, over this one's connections} */
    Client login(String user, String password) {
        String token = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
        return new Client(http, List.of("Authorization", "Basic " + token));
    }

    /** {@return the same client with one more header} */
    public Client with(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.addAll(List.of(name, value));
        return new Client(more);
    }

    /** {@return the answer to a GET} */
    public HttpResponse<String> get(URI uri) {
        return send(request(uri).GET().build());
    }

    /** {@return the answer to a GET, when it comes} */
    public CompletableFuture<HttpResponse<String>> getLater(URI uri) {
        return http.sendAsync(request(uri).GET().build(), BodyHandlers.ofString());
    }

    /** {@return the answer to a GET, its body still to be read} */
    public HttpResponse<InputStream> stream(URI uri) {
        try {
            return http.send(request(uri).GET().build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return the answer to a POST of a form} */
    public HttpResponse<String> postForm(URI uri, String form) {
        return send(request(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build());
    }

    /** {@return the answer to a POST of a body} */
    public HttpResponse<String> post(URI uri, String contentType, byte[] body) {
        return send(request(uri)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    /** {@return the answer to any request} */
    public HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new UncheckedIOException(Unanswered.told(request.uri(), e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return a request with this client's headers} */
    public HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        return builder;
    }
}
