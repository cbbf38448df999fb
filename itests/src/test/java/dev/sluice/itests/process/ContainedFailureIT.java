package dev.sluice.itests.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Jvm;
import dev.sluice.itests.harness.RawHttp;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A failure of one middleware reaches no other, is told to the client and to the log, and looks like no success. */
@Tag("process")
class ContainedFailureIT {

    private static final String PID = "dev.sluice.middleware-inner";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @TempDir
    Path signals;

    private SluiceProcess sluice;

    @BeforeEach
    void start() {
        sluice = sluices.shared();
        Home home = sluice.home();
        home.copy(troublemaker("outer", "1.0.0", 300, "closed"), "outer.jar");
        home.copy(troublemaker("open", "1.0.0", 200, "open"), "open.jar");
        home.copy(troublemaker("inner", "1.0.0", 100, "closed"), "inner.jar");
        home.copy(Answers.application(), "application.jar");
        Await.until(() -> assertThat(sluice.status().chain()).hasSize(4));
    }

    @AfterEach
    void takeLimitsAway() throws IOException {
        if (Files.exists(sluice.home().conf().resolve(PID + ".cfg"))) {
            int taken = takenAway();
            Files.delete(sluice.home().conf().resolve(PID + ".cfg"));
            Await.until(() -> assertThat(takenAway()).isEqualTo(taken + 1));
        }
    }

    private int takenAway() {
        return sluice.log().split("the override for \"inner\" in \\S+ is taken away", -1).length;
    }

    private static byte[] troublemaker(String name, String version, int ranking, String onFailure) {
        return TestBundle.of("test." + name, version)
                .header("Bundle-Activator", "fixture.Troublemaker")
                .header("Test-Name", name)
                .header("Test-Ranking", "" + ranking)
                .header("Test-On-Failure", onFailure)
                .imports("org.osgi.framework")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .imports("dev.sluice.middleware;version=\"[1.0,2)\"")
                .source("fixture.Troublemaker", source())
                .jar();
    }

    private static String source() {
        try {
            return Files.readString(Path.of("src/test/fixtures/fixture/Troublemaker.java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(String... headers) {
        return RawHttp.get(sluice.data(), "/contained", headers);
    }

    private void isRecorded(String answer, String... words) {
        String incident = incident(answer);
        Await.until(() ->
                assertThat(sluice.log()).containsPattern("incident " + incident + ".*" + String.join(".*", words)));
    }

    private static String incident(String answer) {
        Matcher matcher = Pattern.compile("\"incident\":\"([0-9a-f]{12})\"").matcher(answer);
        assertThat(matcher.find()).as(answer).isTrue();
        return matcher.group(1);
    }

    @ParameterizedTest
    @CsvSource({
        "throw, Troublemaker.Trouble: hunter2",
        "assert, AssertionError: hunter2",
        "link, NoClassDefFoundError",
        "overflow, StackOverflowError",
        "async, Troublemaker.Trouble",
        "async-dispatch, Troublemaker.Trouble"
    })
    void aFailureIsAnsweredWithProblemDetailsAndStandsInTheLog(String trouble, String logged) {
        String answer = get("Do-inner: " + trouble);
        assertThat(answer)
                .startsWith("HTTP/1.1 500 ")
                .containsIgnoringCase("Content-Type: application/problem+json")
                .doesNotContain("hunter2", "Trouble", "Error:");
        isRecorded(answer, "\"inner\" 1\\.0\\.0", "GET /contained");
        assertThat(sluice.log()).contains(logged.replace('.', '$').replace("Troublemaker", "fixture.Troublemaker"));
        leasesAreBack();
    }

    private void leasesAreBack() {
        Await.until(
                () -> assertThat(sluice.status().place("outer").orElseThrow().leases())
                        .isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "async-committed"})
    void aBegunChunkedResponseEndsWithoutItsLastChunk(String trouble) throws Exception {
        String answer = untilClosed("Do-inner: " + trouble);
        assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("transfer-encoding: chunked");
        assertThat(answer).doesNotEndWith("0\r\n\r\n");
        leasesAreBack();
    }

    @Test
    void aBegunResponseOfAKnownLengthIsCut() throws Exception {
        String answer = untilClosed("Do-inner: length");
        assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-length: 1000");
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4).length()).isLessThan(1000);
        Await.until(() -> assertThat(sluice.log()).contains("on its way already, and is aborted"));
        leasesAreBack();
    }

    /** On a connection that neither side has said it will close. */
    private String untilClosed(String header) throws IOException {
        try (Socket socket = new Socket(sluice.data().getHost(), sluice.data().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /contained HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n").getBytes(ISO_8859_1));
            StringBuilder read = new StringBuilder();
            InputStream in = socket.getInputStream();
            try {
                for (int b = in.read(); b >= 0; b = in.read()) {
                    read.append((char) b);
                }
            } catch (SocketException reset) {
                // As good an abort as any.
            }
            return read.toString();
        }
    }

    @Test
    void anEarlierMiddlewareMayHandleALatersFailure() {
        String answer = get("Do-inner: throw", "Do-outer: handle");
        assertThat(answer).startsWith("HTTP/1.1 299 ").contains("X-Handled: Trouble");
        Await.until(() -> assertThat(sluice.log()).contains("an earlier middleware has handled it"));
    }

    @Test
    void aFailOpenMiddlewareThatFailsIsPassedOrItsAnswerStands() {
        assertThat(get("Do-open: throw")).startsWith("HTTP/1.1 200 ").contains("answered");
        Await.until(() -> assertThat(sluice.log()).contains("the request went on without it"));
        assertThat(get("Do-open: throw-after")).startsWith("HTTP/1.1 200 ").contains("answered");
        assertThat(get("Do-open: throw", "Do-inner: throw")).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void anInterruptReachesNeitherTheNextNorALaterRequest() {
        assertThat(get("Do-outer: interrupt", "Do-open: look")).contains("X-Interrupted: false");
        for (int i = 0; i < 20; i++) {
            assertThat(get("Do-outer: look")).contains("X-Interrupted: false");
        }
    }

    @Test
    void atItsDeadlineAMiddlewaresClientIsAnsweredAndStatusNamesTheThread() throws Exception {
        limitInner("deadline=200ms");
        Path go = signals.resolve("go");

        String answer = get("Do-inner: stick", "Until: " + go);

        assertThat(answer).startsWith("HTTP/1.1 504 ").containsIgnoringCase("connection: close");
        isRecorded(answer, "\"inner\" 1\\.0\\.0", "GET /contained", "deadline of 200 ms");
        JsonObject inner = sluice.status().place("inner").orElseThrow().json();
        JsonArray stuck = inner.getAsJsonArray("stuck");
        assertThat(stuck).hasSize(1);
        JsonObject thread = stuck.get(0).getAsJsonObject();
        assertThat(thread.get("request").getAsString()).isEqualTo("GET /contained");
        assertThat(thread.get("incident").getAsString()).isEqualTo(incident(answer));
        assertThat(thread.get("frames").toString()).contains("fixture.Troublemaker.stick");
        assertThat(get()).as("the rest goes on").startsWith("HTTP/1.1 200 ");

        Files.createFile(go);
        Await.until(() -> assertThat(
                        sluice.status().place("inner").orElseThrow().json().getAsJsonArray("stuck"))
                .isEmpty());
        leasesAreBack();
    }

    /** When this returns new requests run within the limits. */
    private void limitInner(String... lines) {
        long before = sluice.status().generation();
        sluice.home()
                .configure(
                        PID,
                        Stream.concat(Stream.of("name=inner"), Stream.of(lines)).toArray(String[]::new));
        Await.until(() -> assertThat(sluice.status().generation()).isGreaterThan(before));
    }

    @Test
    void aStuckThreadIsInterruptedIfTheOperatorSaysSo() {
        limitInner("deadline=300ms", "deadline.interrupt=true");
        String answer = get("Do-inner: stick", "Until: " + signals.resolve("never"));
        assertThat(answer).startsWith("HTTP/1.1 504 ");
        leasesAreBack();
        for (int i = 0; i < 20; i++) {
            assertThat(get("Do-outer: look")).contains("X-Interrupted: false");
        }
    }

    @Test
    void aResponseThatHasBegunAtTheDeadlineIsAbortedWhenTheThreadComesBack() throws Exception {
        limitInner("deadline=250ms", "deadline.interrupt=true");
        String answer = untilClosed("Do-inner: stick-begun\r\nUntil: " + signals.resolve("never"));
        assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotEndWith("0\r\n\r\n");
        leasesAreBack();
    }

    @Test
    void beyondItsConcurrencyLimitRequestsAreAnsweredAtOnce() throws Exception {
        limitInner("concurrency.limit=1");
        Path go = signals.resolve("go");
        try (Socket first = new Socket(sluice.data().getHost(), sluice.data().getPort())) {
            first.setSoTimeout(20_000);
            first.getOutputStream()
                    .write(("GET /contained HTTP/1.1\r\nHost: x\r\nDo-inner: stick\r\nUntil: " + go
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            // Else it may be the one that finds no room.
            Await.until(() -> assertThat(
                            sluice.status().place("inner").orElseThrow().leases())
                    .isEqualTo(1));
            Await.until(() -> assertThat(get()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1"));
            Files.createFile(go);
            assertThat(new String(first.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 200 ");
        }
        Await.until(() -> assertThat(get()).startsWith("HTTP/1.1 200 "));
    }

    @Test
    void nothingKeepsTheLoaderOfABundleThatHasFailedInEveryWay() throws Exception {
        for (String trouble : new String[] {"throw", "assert", "overflow", "chunked", "async-dispatch"}) {
            untilClosed("Connection: close\r\nDo-inner: " + trouble);
            untilClosed("Connection: close\r\nDo-outer: handle\r\nDo-inner: " + trouble);
            untilClosed("Connection: close\r\nDo-open: " + trouble);
        }
        for (String trouble : new String[] {"async", "async-committed"}) {
            untilClosed("Connection: close\r\nDo-inner: " + trouble);
            untilClosed("Connection: close\r\nDo-open: " + trouble);
        }
        limitInner("deadline=100ms", "deadline.interrupt=true");
        untilClosed("Connection: close\r\nDo-inner: stick\r\nUntil: " + signals.resolve("never"));
        leasesAreBack();
        for (String name : new String[] {"inner", "outer", "open"}) {
            sluice.home().remove(name + ".jar");
        }
        Await.until(() -> {
            assertThat(sluice.status().chain()).hasSize(1);
            assertThat(Jvm.of(sluice).instances("fixture.Troublemaker")).isZero();
            assertThat(Jvm.of(sluice).instances("fixture.Troublemaker$Trouble")).isZero();
        });
    }
}
