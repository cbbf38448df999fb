package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.RawHttp;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are on the way while what they run on is replaced. */
@Tag("process")
class RequestsOnTheWayIT {

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @TempDir
    Path signals;

    private SluiceProcess sluice;
    private Home home;
    private Path stopped;

    @BeforeEach
    void start() {
        sluice = sluices.shared();
        home = sluice.home();
        stopped = signals.resolve("stopped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "async", "dispatch"})
    void aRequestFinishesOnTheVersionItBeganOnAndThatIsNotStoppedBefore(String behaviour) throws Exception {
        home.copy(Answers.application(), "application.jar");
        home.copy(slow(behaviour, "1.0.0"), "slow.jar");
        Await.until(() -> assertThat(onSlow("/slow").statusCode()).isEqualTo(200));
        Await.until(() -> assertThat(Answers.stamp(onSlow("/slow"), "slow")).contains("1.0.0"));
        Path go = signals.resolve("go");
        CompletableFuture<HttpResponse<String>> answer = Client.anonymous().getLater(sluice.data("/slow?wait=" + go));
        Await.until(() -> assertThat(signals.resolve("go.entered")).exists());

        home.copy(slow(behaviour, "2.0.0"), "slow.jar");
        Await.until(() -> assertThat(Answers.stamp(onSlow("/slow"), "slow")).contains("2.0.0"));

        Await.always(Duration.ofMillis(500), () -> assertThat(stopped).doesNotExist());
        assertThat(answer).isNotDone();
        Files.createFile(go);
        HttpResponse<String> finished = answer.get();
        assertThat(finished.statusCode()).isEqualTo(200);
        assertThat(finished.body()).isEqualTo("answered");
        assertThat(Answers.stamp(finished, "slow")).contains("1.0.0");
        assertThat(finished.headers().firstValue("X-Stopped")).isEmpty();
        Await.until(() -> assertThat(stopped).hasContent("1.0.0"));
    }

    /** Jetty tells no listener of the end of these. */
    @ParameterizedTest
    @ValueSource(strings = {"too-short", "aborted"})
    void anAnswerThatIsNeverWholeKeepsItsVersionNoLongerThanItLasts(String behaviour) throws Exception {
        home.copy(Answers.application(), "application.jar");
        home.copy(slow(behaviour, "1.0.0"), "slow.jar");
        Await.until(() -> assertThat(Answers.stamp(onSlow("/slow"), "slow")).contains("1.0.0"));
        Path go = signals.resolve("go");
        CompletableFuture<HttpResponse<String>> answer = Client.anonymous().getLater(sluice.data("/slow?wait=" + go));
        Await.until(() -> assertThat(signals.resolve("go.entered")).exists());
        home.copy(slow(behaviour, "2.0.0"), "slow.jar");
        Await.until(() -> assertThat(Answers.stamp(onSlow("/slow"), "slow")).contains("2.0.0"));
        assertThat(stopped).doesNotExist();

        Files.createFile(go);

        assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
        Await.until(() -> assertThat(stopped).hasContent("1.0.0"));
    }

    @Test
    void aStreamDoesNotKeepWhatItDoesNotMatch() throws Exception {
        home.copy(
                TestBundle.of("test.events", "1.0.0")
                        .middleware("events", "/events", 10, "stream")
                        .jar(),
                "events.jar");
        home.copy(auth("1.0.0"), "auth.jar");
        Await.until(() ->
                assertThat(Answers.stamp(Answers.get(sluice, "/api/x"), "auth")).contains("1.0.0"));
        Await.until(() -> assertThat(sluice.status().serving("events")).contains("1.0.0"));
        Path go = signals.resolve("go");

        HttpResponse<java.io.InputStream> stream = Client.anonymous().stream(sluice.data("/events?wait=" + go));
        assertThat(stream.statusCode()).isEqualTo(200);
        try (BufferedReader events = new BufferedReader(new InputStreamReader(stream.body()))) {
            assertThat(next(events)).isEqualTo("data: 0");

            home.copy(auth("2.0.0"), "auth.jar");
            Await.until(() -> assertThat(stopped).hasContent("1.0.0"));

            int seen = number(next(events));
            assertThat(number(next(events))).as("the stream goes on").isGreaterThan(seen);
            assertThat(Answers.stamp(Answers.get(sluice, "/api/x"), "auth")).contains("2.0.0");

            home.copy(
                    TestBundle.of("test.events", "1.1.0")
                            .middleware("events", "/events", 10, "stream")
                            .jar(),
                    "events.jar");
            Await.until(() -> assertThat(sluice.status().serving("events")).contains("1.1.0"));
            Files.createFile(go);
            String last = next(events);
            while (last.startsWith("data: ") && last.matches("data: \\d+")) {
                last = next(events);
            }
            assertThat(last).isEqualTo("data: end of 1.0.0 running");
        }
    }

    /** Else a client would send its next request on a connection that the server is about to close. */
    @Test
    void anAnswerThatLeavesABodyUnreadSaysThatTheConnectionCloses() {
        String half = " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf";
        assertThat(RawHttp.exchange(sluice.data(), "POST /nothing" + half))
                .startsWith("HTTP/1.1 404 ")
                .contains("Connection: close");
        assertThat(RawHttp.exchange(sluice.admin(), "POST /api/v1/trip/reset" + half))
                .startsWith("HTTP/1.1 401 ")
                .contains("Connection: close");
    }

    @Test
    void statusShowsTheLeaseOfARequestOnTheWay() throws Exception {
        home.copy(slow("wait", "1.0.0"), "slow.jar");
        Await.until(() -> assertThat(Answers.stamp(onSlow("/slow"), "slow")).contains("1.0.0"));
        Path go = signals.resolve("go");
        CompletableFuture<HttpResponse<String>> answer = Client.anonymous().getLater(sluice.data("/slow?wait=" + go));
        Await.until(() -> assertThat(signals.resolve("go.entered")).exists());

        assertThat(sluice.status().place("slow"))
                .hasValueSatisfying(place -> assertThat(place.leases()).isEqualTo(1));

        Files.createFile(go);
        answer.get();
        Await.until(() -> assertThat(sluice.status().place("slow"))
                .hasValueSatisfying(place -> assertThat(place.leases()).isZero()));
    }

    private HttpResponse<String> onSlow(String path) {
        return Answers.get(sluice, path);
    }

    private byte[] slow(String behaviour, String version) {
        return TestBundle.of("test.slow", version)
                .middleware("slow", "/slow/*", 100, behaviour)
                .tellsWhenStopped(stopped)
                .jar();
    }

    private byte[] auth(String version) {
        return TestBundle.of("test.auth", version)
                .middleware("auth", "/api/*", 500, "stamp")
                .tellsWhenStopped(stopped)
                .jar();
    }

    private static String next(BufferedReader events) throws IOException {
        String line = events.readLine();
        while (line != null && line.isEmpty()) {
            line = events.readLine();
        }
        return line == null ? "end of the stream" : line;
    }

    private static int number(String event) {
        return Integer.parseInt(event.replace("data: ", ""));
    }
}
