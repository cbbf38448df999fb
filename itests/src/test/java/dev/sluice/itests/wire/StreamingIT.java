package dev.sluice.itests.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Soak;
import dev.sluice.itests.harness.Wire;
import dev.sluice.itests.harness.Wire.Answer;
import dev.sluice.itests.harness.Wire.Ending;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Asynchronous and streaming requests while what they run on is replaced: each keeps to its snapshot to its end, and then
 * gives back what it held, once. Which version writes each piece, and that it isn't stopped, the pieces say themselves.
 */
@Tag("process")
class StreamingIT {

    /** Seconds in each build, minutes at soak. */
    private static final int SWAPS = Soak.asked().isPresent() ? 500 : 10;

    private static final int MEGABYTES = 8;

    private static Stand stand;
    private static Scene scene;

    private String version;

    @BeforeAll
    static void start() {
        stand = Stand.start("StreamingIT", home -> {});
        scene = stand.scene(List.of(
                "async-complete",
                "async-dispatch",
                "async-timeout",
                "async-error",
                "write-listener",
                "read-listener",
                "sse",
                "trailers",
                "streams-blocking",
                "waits"));
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @BeforeEach
    void begin() {
        version = scene.version();
    }

    @Test
    void aCompletedRequestStaysOnItsVersion() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire wire = scene.connect()) {
                wire.get("/wire/async-complete?wait=" + go);
                Scene.awaitEntered(go);
                assertHeldThrough(1);
                Scene.let(go);
                assertDone(wire.read(), "done");
            }
            assertReleased();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aRequestThatIsDispatchedAndStartsAsynchronouslyAgainStaysOnItsVersion(int rounds) throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire wire = scene.connect()) {
                wire.get("/wire/async-dispatch?rounds=" + rounds + "&wait=" + go);
                Scene.awaitEntered(go);
                assertHeldThrough(1);
                Scene.let(go);
                Answer answer = wire.read();
                Scene.assertWhole(answer, 200, version);
                assertThat(answer.header("X-Rounds")).isEqualTo(String.valueOf(rounds));
                assertThat(answer.body()).contains("BEHIND behind").contains("wire-last " + version);
            }
            assertReleased();
        });
    }

    @Test
    void aRequestThatTimesOutStaysOnItsVersion() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire wire = scene.connect()) {
                wire.get("/wire/async-timeout?timeout=3000&wait=" + go);
                Scene.awaitEntered(go);
                assertHeldThrough(1);
                assertDone(wire.read(), "timeout");
            }
            assertReleased();
        });
    }

    @Test
    void aRequestThatFailsInItsDispatchGivesBack() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire wire = scene.connect()) {
                wire.get("/wire/async-error?wait=" + go);
                Scene.awaitEntered(go);
                assertHeldThrough(1);
                Scene.let(go);
                assertThat(wire.read().status()).isEqualTo(500);
            }
            assertReleased();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"write-listener", "streams-blocking"})
    void aSlowReaderGetsAllFromOneVersion(String behaviour) throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire wire = scene.connect()) {
                wire.get("/wire/" + behaviour + "?size=" + MEGABYTES * 1_000_000 + "&wait=" + go);
                Scene.awaitEntered(go);
                // Nobody reads, so the response can't be complete: it is more than fits between the two.
                assertHeldThrough(2);
                Answer answer = wire.read();
                assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
                assertThat(answer.body().length()).isGreaterThan(MEGABYTES * 1_000_000);
                assertThat(answer.body().lines().distinct())
                        .containsExactly(version + " running", "end " + version + " running");
            }
            assertReleased();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"write-listener", "streams-blocking"})
    void aClientThatGoesAwayWhileItIsWrittenToLeavesNothing(String behaviour) throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            Path note = scene.signal("note");
            Wire wire = scene.connect();
            wire.get("/wire/" + behaviour + "?size=1000000000&wait=" + go + "&note=" + note);
            Scene.awaitEntered(go);
            assertHeldThrough(1);
            wire.breakOff();
            assertThat(Scene.awaitNote(note)).startsWith("write: ");
            assertReleased();
        });
    }

    @Test
    void aBodyThatComesSlowlyIsReadByOneVersion() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire wire = scene.connect()) {
                wire.request("POST", "/wire/read-listener?wait=" + go, "Content-Length: 10")
                        .send("12345");
                Scene.awaitEntered(go);
                assertHeldThrough(1);
                wire.send("67890");
                assertDone(wire.read(), "read 10");
            }
            assertReleased();
        });
    }

    @Test
    void aClientThatGoesAwayInTheMiddleOfItsBodyLeavesNothing() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            Path note = scene.signal("note");
            Wire wire = scene.connect();
            wire.request("POST", "/wire/read-listener?wait=" + go + "&note=" + note, "Content-Length: 10")
                    .send("12345");
            Scene.awaitEntered(go);
            assertHeldThrough(1);
            wire.breakOff();
            assertThat(Scene.awaitNote(note)).startsWith("read: ");
            assertReleased();
        });
    }

    @Test
    void trailersComeAndGoWithTheVersionOfTheirRequest() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire wire = scene.connect()) {
                wire.request("POST", "/wire/trailers?wait=" + go, "Transfer-Encoding: chunked", "Trailer: X-Checksum")
                        .send("5\r\n12345\r\n");
                Scene.awaitEntered(go);
                assertHeldThrough(1);
                wire.send("0\r\nX-Checksum: 15\r\n\r\n");
                Answer answer = wire.read();
                assertDone(answer, "body 5");
                assertThat(answer.trailers())
                        .containsEntry("X-Version", version + " running")
                        .containsEntry("X-Echo", "15");
            }
            assertReleased();
        });
    }

    @Test
    void streamsStayOpenAcrossManySwaps() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire early = scene.connect();
                    Wire gone = scene.connect()) {
                openStream(early, go, version);
                Path note = scene.signal("note");
                gone.get("/wire/sse?wait=" + scene.signal("never") + "&note=" + note);
                awaitEvent(gone, version + " running");
                for (int swap = 0; swap < SWAPS; swap++) {
                    String next = scene.deployNext();
                    // One more on each version, so that each has to be kept, or may go, by itself.
                    Path goNext = scene.signal("go");
                    try (Wire stream = scene.connect()) {
                        openStream(stream, goNext, next);
                        awaitEvent(early, version + " running");
                        Scene.let(goNext);
                        assertEnds(stream, next);
                    }
                }
                assertThat(scene.isStopped(version)).isFalse();
                gone.breakOff();
                assertThat(Scene.awaitNote(note)).isEqualTo("the client is gone");
                assertThat(scene.isStopped(version))
                        .as("the other stream holds it still")
                        .isFalse();
                Scene.let(go);
                assertEnds(early, version);
            }
            assertReleased();
        });
    }

    private static void openStream(Wire stream, Path go, String on) {
        stream.get("/wire/sse?wait=" + go);
        awaitEvent(stream, on + " running");
    }

    /** Reads on until the stream has sent something new: what was on its way before is read first. */
    private static void awaitEvent(Wire stream, String word) {
        for (int fresh = 0; fresh < 3; ) {
            String line = stream.line().orElseThrow(() -> new AssertionError("the stream has ended"));
            if (line.startsWith("data: ")) {
                assertThat(line).isEqualTo("data: " + word);
                fresh++;
            }
        }
    }

    private static void assertEnds(Wire stream, String on) {
        String last = "";
        String line = "";
        // The last chunk has no bytes: without it the answer would have been cut off.
        while (!line.equals("0")) {
            line = stream.line().orElseThrow(() -> new AssertionError("the stream was cut off"));
            if (line.startsWith("data: ")) {
                last = line;
                assertThat(line).isIn("data: " + on + " running", "data: end " + on + " running");
            }
        }
        assertThat(last).isEqualTo("data: end " + on + " running");
    }

    /** Replaces the version that the request runs on, so often, and fails if it is stopped meanwhile. */
    private void assertHeldThrough(int swaps) {
        assertThat(scene.heldUnits()).isNotEmpty();
        for (int swap = 0; swap < swaps; swap++) {
            String next = scene.deployNext();
            Scene.assertWhole(scene.get("/wire/calm"), 200, next);
        }
        assertThat(scene.isStopped(version))
                .as("%s has a request in it", version)
                .isFalse();
    }

    private void assertDone(Answer answer, String word) {
        Scene.assertWhole(answer, 200, version);
        assertThat(answer.body().lines().findFirst()).contains(word + " " + version + " running");
    }

    private void assertReleased() {
        scene.awaitReleased(version);
        Await.until(
                () -> assertThat(scene.sluice().status().json().get("inFlight").getAsLong())
                        .isZero());
        scene.assertGivenBack();
    }
}
