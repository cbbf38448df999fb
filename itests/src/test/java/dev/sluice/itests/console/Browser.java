package dev.sluice.itests.console;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium, driven through chromedriver by the W3C WebDriver protocol. */
final class Browser implements AutoCloseable {

    /** The key of an element reference in the protocol. */
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private static final List<String> FLAGS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1400,1200");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Gson gson = new Gson();
    private final Process driver;
    private final Path profile;
    private final URI session;

    private Browser(Process driver, URI server, Path chromium, Path profile) {
        this.driver = driver;
        this.profile = profile;
        Await.until(() -> {
            if (!call("GET", server.resolve("/status"), null)
                    .getAsJsonObject()
                    .get("ready")
                    .getAsBoolean()) {
                throw new AssertionError("chromedriver isn't ready");
            }
        });
        List<String> flags = Stream.concat(FLAGS.stream(), Stream.of("--user-data-dir=" + profile))
                .toList();
        Map<String, Object> options = Map.of("binary", chromium.toString(), "args", flags);
        JsonObject created = call(
                        "POST",
                        server.resolve("/session"),
                        Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", options))))
                .getAsJsonObject();
        session = server.resolve("/session/" + created.get("sessionId").getAsString() + "/");
    }

    /** {@return a command of this machine, if it has it} */
    static Optional<Path> command(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts a browser with a profile of its own. */
    static Browser start(Path chromium, Path chromedriver) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path profile = Files.createTempDirectory("chromium-profile");
        Process driver = new ProcessBuilder(chromedriver.toString(), "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new Browser(driver, URI.create("http://127.0.0.1:" + port), chromium, profile);
        } catch (RuntimeException | Error e) {
            end(driver);
            throw e;
        }
    }

    void open(URI address) {
        post("url", Map.of("url", address.toString()));
    }

    String title() {
        return call("GET", session.resolve("title"), null).getAsString();
    }

    /** {@return the page as it is now} */
    String source() {
        return call("GET", session.resolve("source"), null).getAsString();
    }

    /** {@return what a script returns} */
    JsonElement script(String script, Object... arguments) {
        return post("execute/sync", Map.of("script", script, "args", List.of(arguments)));
    }

    /** {@return the texts of the elements that a CSS selector finds} */
    List<String> texts(String css) {
        return script("return Array.from(document.querySelectorAll(arguments[0])).map(e => e.textContent.trim())", css)
                .getAsJsonArray()
                .asList()
                .stream()
                .map(JsonElement::getAsString)
                .toList();
    }

    /** Clicks as a user does, once the element can be clicked. */
    void click(String xpath) {
        Await.until(() -> post("element/" + find(xpath) + "/click", Map.of()));
    }

    /** Types, or chooses a file where the element is for files. */
    void type(String xpath, String text) {
        Await.until(() -> post("element/" + find(xpath) + "/value", Map.of("text", text)));
    }

    /** Writes a picture of the page. */
    void screenshot(Path file) throws IOException {
        String encoded = call("GET", session.resolve("screenshot"), null).getAsString();
        Files.write(file, Base64.getDecoder().decode(encoded));
    }

    @Override
    public void close() {
        try {
            call("DELETE", URI.create(session.toString().replaceAll("/$", "")), null);
        } finally {
            end(driver);
            Home.delete(profile);
        }
    }

    private String find(String xpath) {
        return post("element", Map.of("using", "xpath", "value", xpath))
                .getAsJsonObject()
                .get(ELEMENT)
                .getAsString();
    }

    private JsonElement post(String command, Object body) {
        return call("POST", session.resolve(command), body);
    }

    private JsonElement call(String method, URI uri, Object body) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(60))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(gson.toJson(body)))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError("the browser says: " + answer.body());
            }
            return JsonParser.parseString(answer.body()).getAsJsonObject().get("value");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no answer from the browser: " + e, e);
        }
    }

    private static void end(Process driver) {
        driver.destroy();
        try {
            if (!driver.waitFor(10, TimeUnit.SECONDS)) {
                driver.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
