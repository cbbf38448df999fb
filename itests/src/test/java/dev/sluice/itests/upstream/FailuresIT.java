package dev.sluice.itests.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import dev.sluice.itests.harness.Wire;
import dev.sluice.itests.harness.Wire.Answer;
import dev.sluice.itests.harness.Wire.Ending;
import dev.sluice.itests.upstream.Scripted.Connection;
import dev.sluice.itests.upstream.Scripted.Script;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Upstreams that fail in each way there is. The client learns that, and not who it was; the log says who; and the middleware
 * before it, whose trip switch would trip at the twentieth call, has nothing to do with it.
 */
@Tag("process")
class FailuresIT {

    /** More calls than a trip switch wants to see. */
    private static final int MANY = 30;

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    /** By path: how it fails, and the status that the client gets; 0 where an answer had begun. */
    /** Those that say nothing more until the container gives up. */
    private static final Set<String> SILENT = Set.of("slow", "stalled");

    private static final Map<String, Failing> FAILING = new LinkedHashMap<>();

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private static Scripted leaver;
    private SluiceProcess sluice;

    private record Failing(Scripted server, String address, int status) {}

    @BeforeAll
    static void startUpstreams() {
        failing("reset", 502, connection -> {
            connection.head();
            connection.reset();
        });
        failing("closed", 502, Connection::head);
        failing("slow", 504, connection -> {
            connection.head();
            connection.awaitClose();
        });
        failing("garbage", 502, garbage("\u0000\u0001garbage\r\n\r\n"));
        failing("nostatus", 502, garbage("HTTP/1.1 OK\r\n\r\n"));
        failing("endless", 502, garbage("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(100_000) + "\r\n\r\n"));
        failing("lengths", 502, garbage(HEAD + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"));
        failing("negative", 502, garbage(HEAD + "Content-Length: -5\r\n\r\nhello"));
        failing("half", 0, garbage(HEAD + "Content-Length: 50000\r\n\r\n" + "half".repeat(5000)));
        failing("half-chunked", 0, garbage(HEAD + "Transfer-Encoding: chunked\r\n\r\n4e20\r\n" + "half".repeat(5000)));
        failing("bad-chunk", 0, connection -> {
            connection.head();
            connection.say(HEAD + "Transfer-Encoding: chunked\r\n\r\n4e20\r\n" + "half".repeat(5000));
            connection.say("\r\nnonsense\r\n");
            connection.awaitClose();
        });
        failing("stalled", 0, connection -> {
            connection.head();
            connection.say(HEAD + "Content-Length: 50000\r\n\r\n" + "half".repeat(5000));
            connection.awaitClose();
        });
        try (Scripted gone = Scripted.doing(Connection::head)) {
            FAILING.put("refused", new Failing(null, gone.address(), 502));
        }
        FAILING.put("unknown", new Failing(null, "http://nobody.invalid:9000", 502));
        leaver = Scripted.doing(connection -> {
            if (connection.head().contains("/download ")) {
                connection.say(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
                while (true) {
                    connection.say("10000\r\n" + "x".repeat(65_536) + "\r\n");
                }
            }
            connection.awaitClose();
        });
    }

    private static void failing(String name, int status, Script script) {
        Scripted server = Scripted.doing(script);
        FAILING.put(name, new Failing(server, server.address(), status));
    }

    private static Script garbage(String text) {
        return connection -> {
            connection.head();
            connection.say(text);
        };
    }

    @AfterAll
    static void stopUpstreams() {
        Stream.concat(FAILING.values().stream().map(Failing::server), Stream.of(leaver))
                .filter(server -> server != null)
                .forEach(Scripted::close);
    }

    @BeforeEach
    void start() {
        sluice = sluices.shared(home -> {
            FAILING.forEach((name, failing) -> home.configure(
                    "dev.sluice.route-" + name,
                    "paths = /" + name + "/*",
                    "upstreams = " + failing.address(),
                    "connect.timeout = 1s",
                    // Short only where it is what ends the request: a busy machine may be silent for longer.
                    "idle.timeout = " + (SILENT.contains(name) ? "300ms" : "60s")));
            home.configure("dev.sluice.route-leaver", "paths = /leaver/*", "upstreams = " + leaver.address());
            home.configure("dev.sluice.middleware-guard", "name = guard", "trip = on");
            return SluiceProcess.on(home);
        });
        Home home = sluice.home();
        home.copy(TestBundle.stamping("guard", "1.0.0").jar(), "guard-1.jar");
        home.copy(TestBundle.stamping("guard", "2.0.0").jar(), "guard-2.jar");
        Await.until(() -> assertThat(sluice.status().serving("guard")).contains("2.0.0"));
    }

    static Stream<String> ways() {
        return Stream.of(
                "refused",
                "reset",
                "closed",
                "slow",
                "garbage",
                "nostatus",
                "endless",
                "lengths",
                "negative",
                "unknown",
                "half",
                "half-chunked",
                "bad-chunk",
                "stalled");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aFailureIsTheUpstreams(String way) {
        Failing failing = FAILING.get(way);
        List<Thread> clients = new ArrayList<>();
        List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 5; i++) {
            Thread client = new Thread(() -> {
                for (int request = 0; request < MANY / 5; request++) {
                    try (Wire wire = Wire.to(sluice.data()).get("/" + way + "/x")) {
                        answers.add(wire.read());
                    }
                }
            });
            clients.add(client);
            client.start();
        }
        clients.forEach(FailuresIT::join);

        assertThat(answers).hasSize(MANY).allSatisfy(answer -> {
            // Where nothing of the half had been passed on yet when it broke off, the client is told so.
            boolean isHalf = failing.status() == 0;
            if (isHalf && answer.ending() != Ending.WHOLE) {
                assertThat(answer.ending()).isIn(Ending.CUT, Ending.NONE);
            } else {
                assertThat(answer.status()).isIn(isHalf ? List.of(502, 504) : List.of(failing.status()));
                assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
                assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
                assertThat(answer.header("X-guard")).isEqualTo("2.0.0");
                assertThat(answer.toString()).doesNotContain(named(failing.address()));
                Await.until(() -> assertThat(sluice.log())
                        .containsPattern("incident " + incident(answer.body()) + ".*"
                                + Pattern.quote(named(failing.address()))));
            }
        });
        if (failing.status() == 0) {
            Await.until(() -> assertThat(sluice.log())
                    .containsPattern("incident [0-9a-f]{12}.*/" + way + "/x.*" + Pattern.quote(named(failing.address()))
                            + ".*broke off"));
        }
        Status status = sluice.status();
        Status.Unit guard = status.place("guard").orElseThrow();
        assertThat(guard.version()).contains("2.0.0");
        assertThat(guard.state()).isEqualTo("SERVING");
        assertThat(guard.json().get("trip").isJsonNull()).isTrue();
        assertThat(status.standbys())
                .allSatisfy(unit -> assertThat(unit.state()).isEqualTo("STANDBY"));
        String routes = status.json().getAsJsonArray("routes").toString();
        assertThat(routes).contains(named(failing.address()));
        assertThat(routes.substring(routes.indexOf(named(failing.address()))))
                .containsPattern("^[^}]*\"failures\":[1-9]");
        Await.until(
                () -> assertThat(sluice.status().place("guard").orElseThrow().leases())
                        .isZero());
    }

    @Test
    void aClientThatLeavesWhileTheUpstreamThinksTakesItsRequestAlong() {
        int before = leaver.connections().size();
        try (Wire wire = Wire.to(sluice.data()).get("/leaver/think")) {
            Await.until(() -> assertThat(leaver.connections()).hasSize(before + 1));
            wire.breakOff();
        }
        endsAtTheUpstream(before);
    }

    @Test
    void aClientThatLeavesInADownloadTakesItsRequestAlong() {
        int before = leaver.connections().size();
        try (Wire wire = Wire.to(sluice.data()).get("/leaver/download")) {
            assertThat(wire.line()).contains("HTTP/1.1 200 OK");
            wire.breakOff();
        }
        endsAtTheUpstream(before);
    }

    @Test
    void aClientThatLeavesInAnUploadTakesItsRequestAlong() {
        int before = leaver.connections().size();
        try (Wire wire = Wire.to(sluice.data()).request("POST", "/leaver/upload", "Content-Length: 1000000")) {
            wire.send("some of it");
            Await.until(() -> {
                assertThat(leaver.connections()).hasSize(before + 1);
                assertThat(leaver.connections().get(before).received()).endsWith("some of it");
            });
            wire.breakOff();
        }
        endsAtTheUpstream(before);
    }

    private void endsAtTheUpstream(int connection) {
        Await.until(() -> assertThat(leaver.connections().get(connection).isOver())
                .as("the connection at the upstream is closed")
                .isTrue());
        Await.until(
                () -> assertThat(sluice.status().place("guard").orElseThrow().leases())
                        .isZero());
        Await.until(
                () -> assertThat(sluice.status().json().getAsJsonArray("routes").toString())
                        .doesNotContainPattern("\"inFlight\":[1-9]"));
    }

    /** What an answer may not have: a port says enough. */
    private static String named(String address) {
        return address.substring("http://".length());
    }

    private static String incident(String body) {
        Matcher matcher = Pattern.compile("\"incident\":\"([0-9a-f]{12})\"").matcher(body);
        assertThat(matcher.find()).as(body).isTrue();
        return matcher.group(1);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
