package dev.sluice.itests.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.RawHttp;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A version that fails makes way for the one before; what only clients do wrong trips nothing. */
@Tag("process")
@Tag("one-java")
class TripSwitchIT {

    private static final String OVERRIDE = "dev.sluice.middleware-shaky";
    /** Twice as many calls as a switch wants to see. */
    private static final int MANY = 40;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private SluiceProcess sluice;
    private Home home;

    @BeforeEach
    void start() {
        sluice = sluices.shared();
        home = sluice.home();
        home.copy(Answers.application(), "application.jar");
    }

    @AfterEach
    void removeOverride() throws IOException {
        if (Files.deleteIfExists(home.conf().resolve(OVERRIDE + ".cfg"))) {
            Await.until(
                    () -> assertThat(sluice.log()).containsPattern("the override for \"shaky\" in \\S+ is taken away"));
        }
    }

    private void deploy(String version) {
        byte[] jar = TestBundle.of("test.shaky", version)
                .header("Bundle-Activator", "fixture.Shaky")
                .imports("org.osgi.framework")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .imports("dev.sluice.middleware;version=\"[1.0,2)\"")
                .fixture("fixture.Shaky")
                .jar();
        home.copy(jar, "shaky-" + version + ".jar");
        Answers.awaitServing(sluice, "shaky", version);
    }

    /** Another version from the same bundle, that does nothing but stamp. */
    private void deploySound(String version) {
        home.copy(TestBundle.stamping("shaky", version).jar(), "shaky-" + version + ".jar");
        Answers.awaitServing(sluice, "shaky", version);
    }

    private String fail() {
        return RawHttp.get(sluice.data(), "/", "Shaky: fail");
    }

    private Optional<Status.Unit> tripped() {
        return sluice.status().standbys().stream()
                .filter(unit -> unit.state().equals("TRIPPED"))
                .findFirst();
    }

    @Test
    void aVersionThatFailsUnderLoadMakesWayForTheOneBefore() throws Exception {
        deploySound("1.0.0");
        deploy("2.0.0");
        AtomicBoolean back = new AtomicBoolean();
        CompletableFuture<?>[] clients = new CompletableFuture<?>[4];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = CompletableFuture.runAsync(
                    () -> Await.until(() -> {
                        String answer = fail();
                        if (answer.startsWith("HTTP/1.1 200 ") && answer.contains("X-shaky: 1.0.0")) {
                            back.set(true);
                        }
                        assertThat(back.get()).as(answer).isTrue();
                    }),
                    task -> new Thread(task).start());
        }
        CompletableFuture.allOf(clients).get();

        Status.Unit unit = tripped().orElseThrow();
        assertThat(unit.version()).contains("2.0.0");
        JsonObject trip = unit.json().getAsJsonObject("trip");
        assertThat(trip.get("calls").getAsLong()).isGreaterThanOrEqualTo(20);
        assertThat(trip.get("failures").getAsLong() * 2)
                .isGreaterThanOrEqualTo(trip.get("calls").getAsLong());
        assertThat(sluice.status().alarms())
                .anySatisfy(alarm -> assertThat(alarm).contains("shaky 2.0.0 has tripped", "1.0.0 serves instead"));
        assertThat(sluice.log())
                .containsPattern("ERROR.*shaky 2\\.0\\.0 .*has tripped: \\d+ of \\d+ calls.*shaky 1\\.0\\.0");
        assertThat(RawHttp.status(sluice.admin(), "/health/ready")).isEqualTo(200);

        assertThat(reset("3.0.0").statusCode()).isEqualTo(404);
        assertThat(reset("2.0.0").statusCode()).isEqualTo(200);
        Answers.assertServing(sluice, "shaky", "2.0.0");
        assertThat(tripped()).isEmpty();
    }

    private HttpResponse<String> reset(String version) {
        return sluice.operator().postForm(sluice.admin("/api/v1/trip/reset"), "name=shaky&version=" + version);
    }

    /** The good request at the end of each would be answered by 1.0.0 if any of this counted. */
    @Test
    void whatAnAttackerSendsTripsNothing() throws Exception {
        deploySound("1.0.0");
        deploy("2.0.0");
        for (int i = 0; i < MANY; i++) {
            assertThat(RawHttp.status(sluice.data(), "/", "Shaky: 401")).isEqualTo(401);
            assertThat(RawHttp.status(sluice.data(), "/", "Shaky: 400")).isEqualTo(400);
        }
        for (int i = 0; i < MANY; i++) {
            send("GET / HTTP/1.1\r\nHost: x\r\nShaky: write\r\n\r\n", 1);
            send("POST / HTTP/1.1\r\nHost: x\r\nShaky: read\r\nContent-Length: 1000\r\n\r\nhalf", 0);
            send("POST / HTTP/1.1\r\nHost: x\r\nShaky: read\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 0);
        }
        Await.until(
                () -> assertThat(sluice.status().place("shaky").orElseThrow().leases())
                        .isZero());
        assertThat(tripped()).isEmpty();
        Answers.assertServing(sluice, "shaky", "2.0.0");
    }

    /** Closes the connection by a reset, after it has read so many bytes of the answer. */
    private void send(String request, int read) throws IOException {
        try (Socket socket = new Socket(sluice.data().getHost(), sluice.data().getPort())) {
            socket.setSoTimeout(20_000);
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            socket.getInputStream().readNBytes(read);
        }
    }

    @Test
    void aVersionWithoutStandbyStays() {
        deploy("1.0.0");
        for (int i = 0; i < MANY; i++) {
            assertThat(fail()).startsWith("HTTP/1.1 500 ");
        }
        Answers.assertServing(sluice, "shaky", "1.0.0");
        assertThat(sluice.status().place("shaky").orElseThrow().state()).isEqualTo("SERVING");
    }

    @Test
    void aPlaceThatIsGuardedWithoutStandbyAnswersAtOnceAndRecovers() {
        home.configure(OVERRIDE, "name=shaky", "trip=on", "trip.wait=3s");
        Await.until(() -> assertThat(sluice.log()).contains("trip on, trip.wait 3000 ms"));
        deploy("1.0.0");
        Await.until(() -> assertThat(fail()).startsWith("HTTP/1.1 503 "));
        Status.Unit place = sluice.status().place("shaky").orElseThrow();
        assertThat(place.state()).isEqualTo("TRIPPED");
        assertThat(place.json().getAsJsonObject("trip").get("failures").getAsLong())
                .isGreaterThanOrEqualTo(10);
        assertThat(RawHttp.get(sluice.data(), "/"))
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: 1", "shaky")
                .doesNotContain("X-shaky");
        assertThat(sluice.log()).containsPattern("ERROR.*shaky 1\\.0\\.0 .*has tripped.*No other version");

        Await.until(() -> {
            assertThat(RawHttp.status(sluice.data(), "/")).isEqualTo(200);
            assertThat(sluice.status().place("shaky").orElseThrow().state()).isEqualTo("SERVING");
        });
        Answers.assertServing(sluice, "shaky", "1.0.0");
    }

    @Test
    void aMistakeInTheKeysIsSaid() {
        home.configure(OVERRIDE, "name=shaky", "trip=maybe", "trip.share=200");
        Await.until(() -> assertThat(sluice.log())
                .contains("trip: it is \"standby\", \"on\" or \"off\"", "trip.share: \"200\" is no whole number"));
    }
}
