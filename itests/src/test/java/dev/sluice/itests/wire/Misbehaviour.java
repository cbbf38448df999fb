package dev.sluice.itests.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Wire;
import dev.sluice.itests.harness.Wire.Answer;
import dev.sluice.itests.harness.Wire.Ending;
import java.nio.file.Path;
import java.util.List;

/**
 * One thing that a middleware should not do, or a client that is as slow as it likes.
 *
 * @param name what it is
 * @param behaviour the behaviour of the fixture that does it
 * @param isSeen sends the request, and fails unless its client and an operator see what they should
 */
public record Misbehaviour(String name, String behaviour, Sight isSeen) {

    /** A request, and what is seen of it. */
    public interface Sight {

        /** Sends it and looks. */
        void of(Scene scene) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }

    /** {@return the behaviours that a scene needs for all of them} */
    public static List<String> behaviours() {
        return all().stream().map(Misbehaviour::behaviour).distinct().toList();
    }

    /** {@return all} */
    public static List<Misbehaviour> all() {
        return List.of(
                of("a middleware that never calls next", "never-calls-next", scene -> {
                    Answer answer = get(scene, "never-calls-next");
                    Scene.assertWhole(answer, 200, scene.version());
                    assertThat(answer.body()).isEmpty();
                }),
                of("one that calls next twice", "calls-next-twice", scene -> {
                    Path note = scene.signal("note");
                    Answer answer = get(scene, "calls-next-twice?note=" + note);
                    Scene.assertWhole(answer, 200, scene.version());
                    assertThat(answer.body()).containsOnlyOnce("BEHIND");
                    assertThat(Scene.awaitNote(note)).isEqualTo("behind behind\nbehind behind");
                }),
                asks(
                        "one that calls next when its request is answered",
                        "calls-next-after-return",
                        Misbehaviour::assertTooLate),
                asks("one that calls next after completing", "calls-next-after-complete", Misbehaviour::assertTooLate),
                of("one that calls next from another thread", "calls-next-from-another-thread", scene -> {
                    Answer answer = get(scene, "calls-next-from-another-thread");
                    Scene.assertWhole(answer, 200, scene.version());
                    assertThat(answer.body()).startsWith("BEHIND").contains("last " + scene.version());
                }),
                asks(
                        "one that calls next with a request of its own making",
                        "calls-next-with-a-strange-request",
                        Misbehaviour::assertFailed),
                of("one that writes headers after commit", "writes-after-commit", scene -> {
                    Answer answer = get(scene, "writes-after-commit");
                    Scene.assertWhole(answer, 202, scene.version());
                    assertThat(answer.headers()).doesNotContainKey("X-Late");
                    assertThat(answer.body()).startsWith("committedBEHIND");
                }),
                of(
                        "one that resets after commit",
                        "resets-after-commit",
                        scene -> assertCut(get(scene, "resets-after-commit"))),
                of("one that promises more than it writes", "promises-more", scene -> assertThat(
                                get(scene, "promises-more").status())
                        .isEqualTo(500)),
                of("one that closes the stream before next", "closes-the-stream", scene -> {
                    Answer answer = get(scene, "closes-the-stream");
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.body()).isEqualTo("closed early");
                }),
                asks("one that throws", "throws", Misbehaviour::assertFailed),
                asks("one that throws after next", "throws-after-next", Misbehaviour::assertFailed),
                asks("one that throws after startAsync", "throws-after-start-async", Misbehaviour::assertFailed),
                asks(
                        "one that throws on its own asynchronous thread",
                        "throws-on-the-async-thread",
                        Misbehaviour::assertFailed),
                asks("one that throws in an asynchronous dispatch", "throws-in-dispatch", Misbehaviour::assertFailed),
                asks("one that throws in an asynchronous listener", "throws-in-listener", Misbehaviour::assertFailed),
                of("one that completes and dispatches", "completes-and-dispatches", scene -> {
                    Answer answer = get(scene, "completes-and-dispatches");
                    assertThat(answer.body()).doesNotContain("BEHIND");
                    assertThat(answer.status()).isIn(0, 200, 500);
                }),
                of(
                        "one whose AsyncContext is never completed, with a timeout",
                        "never-completes",
                        scene -> assertFailed(scene, "never-completes?timeout=1000")),
                asks("one that overflows the stack", "overflows-the-stack", Misbehaviour::assertFailed),
                of("one that calls next with no stack left", "calls-next-with-no-stack-left", scene -> {
                    Answer answer = get(scene, "calls-next-with-no-stack-left");
                    assertThat(answer.status()).isIn(200, 500);
                }),
                asks(
                        "one that leaves its thread interrupted",
                        "leaves-its-thread-interrupted",
                        Misbehaviour::assertThreadIsClean),
                asks(
                        "one that leaves its class loader on the thread",
                        "leaves-its-class-loader",
                        Misbehaviour::assertThreadIsClean),
                of(
                        "a client that sends its head slowly while its version is replaced",
                        "waits",
                        Misbehaviour::slowHead),
                of(
                        "a client that sends its body slowly while its version is replaced",
                        "waits",
                        Misbehaviour::slowBody),
                of("a client that reads slowly while its version is replaced", "waits", Misbehaviour::slowReader),
                of(
                        "one that never returns",
                        "never-returns",
                        scene -> assertStuck(scene, "never-returns?", "on thread")),
                of("one in an endless loop", "endless-loop", scene -> assertStuck(scene, "endless-loop?", "on thread")),
                of(
                        "one whose AsyncContext is never completed, without a timeout",
                        "never-completes",
                        scene -> assertStuck(
                                scene, "never-completes?timeout=0&", "asynchronous, on no thread of the container")));
    }

    /** What is seen of a request for the behaviour. */
    private interface Asking {
        void of(Scene scene, String behaviour) throws Exception;
    }

    private static Misbehaviour asks(String name, String behaviour, Asking asking) {
        return of(name, behaviour, scene -> asking.of(scene, behaviour));
    }

    private static Misbehaviour of(String name, String behaviour, Sight sight) {
        return new Misbehaviour(name, behaviour, sight);
    }

    private static Answer get(Scene scene, String behaviour) {
        return scene.get("/wire/" + behaviour);
    }

    /** A failure of the middleware is a 500, and nothing of what the servlet may have written before. */
    private static void assertFailed(Scene scene, String behaviour) {
        Answer answer = get(scene, behaviour);
        assertThat(answer.status()).as("%s", answer).isEqualTo(500);
        assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
        assertThat(answer.body()).doesNotContain("BEHIND").doesNotContain("on purpose");
    }

    /** Who has read only a part of it must be able to tell. */
    private static void assertCut(Answer answer) {
        assertThat(answer.ending()).as("%s", answer).isIn(Ending.CUT, Ending.NONE);
    }

    private static void assertTooLate(Scene scene, String behaviour) {
        Path note = scene.signal("note");
        Path go = scene.signal("go");
        try (Wire wire = scene.connect()) {
            Answer answer = wire.get("/wire/" + behaviour + "?note=" + note + "&wait=" + go)
                    .read();
            Scene.assertWhole(answer, 200, scene.version());
            assertThat(answer.body()).isEmpty();
            // Answered before the other is complete, as one connection's requests are: only then next is called too
            // late.
            Scene.assertWhole(wire.get("/wire/calm").read(), 200, scene.version());
            Scene.let(go);
            // By the chain, before anything behind it: the servlet container would refuse it only in its own time.
            assertThat(Scene.awaitNote(note))
                    .startsWith("java.lang.IllegalStateException: the request is complete")
                    .doesNotContain("behind");
            // The connection, and what the servlet container keeps for it, is as good as new.
            Scene.assertWhole(wire.get("/wire/calm").read(), 200, scene.version());
        }
    }

    private static void assertThreadIsClean(Scene scene, String behaviour) {
        try (Wire wire = scene.connect()) {
            for (int round = 0; round < 20; round++) {
                wire.get("/wire/" + behaviour).read();
                Answer answer = wire.get("/wire/calm").read();
                Scene.assertWhole(answer, 200, scene.version());
                assertThat(answer.header("X-Interrupted")).isEqualTo("false");
                assertThat(answer.header("X-Loader-Is-Mine")).isEqualTo("true");
            }
        }
    }

    /**
     * It holds its unit until the drain deadline and no longer; it is named; whatever it does, the unit after it serves. When
     * it ends at last, nothing of it is left.
     */
    private static void assertStuck(Scene scene, String behaviour, String where) {
        Path end = scene.signal("end");
        String stuck = scene.version();
        String path = "/wire/" + behaviour.substring(0, behaviour.indexOf('?'));
        try (Wire wire = scene.connect()) {
            wire.get("/wire/" + behaviour + "wait=" + end);
            Scene.awaitEntered(end);
            assertThat(scene.heldUnits()).isNotEmpty().allMatch(unit -> unit.leases() == 1);

            String next = scene.deployNext();
            Scene.assertWhole(scene.get("/wire/calm"), 200, next);
            scene.awaitReleased(stuck);
            Await.until(() -> assertThat(scene.sluice().log())
                    .containsPattern("stuck at the drain deadline: GET " + path + ", \\d+ ms old, " + where));
            Scene.assertWhole(scene.get("/wire/calm"), 200, next);
        }
        Scene.let(end);
    }

    /** Half a head is no request: it holds nothing, and what it becomes runs on what serves then. */
    private static void slowHead(Scene scene) {
        String before = scene.version();
        try (Wire wire = scene.connect()) {
            wire.send("GET /wire/calm HTTP/1.1\r\nHost: x\r\nX-Slow: a");
            Scene.assertWhole(scene.get("/wire/calm"), 200, before);
            String after = scene.deployNext();
            scene.awaitReleased(before);
            wire.send("\r\n\r\n");
            Scene.assertWhole(wire.read(), 200, after);
        }
    }

    private static void slowBody(Scene scene) {
        String before = scene.version();
        Path drinking = scene.signal("drinking");
        try (Wire wire = scene.connect()) {
            wire.request("POST", "/wire/calm?drink=1&wait=" + drinking, "Content-Length: 6")
                    .send("abc");
            Scene.awaitEntered(drinking);
            scene.deployNext();
            assertThat(scene.isStopped(before)).isFalse();
            wire.send("def");
            Answer answer = wire.read();
            Scene.assertWhole(answer, 200, before);
            assertThat(answer.header("X-Drunk")).isEqualTo("6");
        }
        scene.awaitReleased(before);
    }

    private static void slowReader(Scene scene) {
        String before = scene.version();
        try (Wire wire = scene.connect()) {
            wire.get("/wire/calm?size=8000000");
            Await.until(() -> assertThat(scene.heldUnits()).isNotEmpty());
            scene.deployNext();
            assertThat(scene.isStopped(before)).isFalse();
            Answer answer = wire.read();
            Scene.assertWhole(answer, 200, before);
            assertThat(answer.body()).endsWith("end\n");
        }
        scene.awaitReleased(before);
    }
}
