package dev.sluice.itests.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.WireBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Wire;
import dev.sluice.itests.harness.Wire.Answer;
import dev.sluice.itests.harness.Wire.Ending;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The container's stop, under load and against requests and bundles that don't want to end. */
@Tag("process")
class StopIT {

    private static final int CLIENTS = 8;
    private static final String FOREVER = "1h";

    private Stand stand;
    private Scene scene;
    private SluiceProcess sluice;

    private void start(String... arguments) {
        stand = Stand.start("StopIT", home -> {}, arguments);
        sluice = stand.sluice();
        scene = stand.scene(List.of("waits", "async-complete", "sse", "endless-loop", "never-completes"));
    }

    @AfterEach
    void end() {
        stand.close();
    }

    /**
     * Clients that do as they are told: they stay on a connection until an answer says {@code Connection: close}, and come
     * back on a new one until they are refused. None of them loses a request. Slow requests keep the stop from its end until
     * all clients know.
     */
    @Test
    void noAcceptedRequestIsLost() throws Exception {
        start("--shutdown-delay", "2s");
        stand.watch(() -> {
            Path go = scene.signal("go");
            Queue<String> complaints = new ConcurrentLinkedQueue<>();
            AtomicInteger answered = new AtomicInteger();
            AtomicInteger told = new AtomicInteger();
            List<Thread> clients = new ArrayList<>();
            try (Wire sync = scene.connect();
                    Wire async = scene.connect();
                    Wire stream = scene.connect();
                    Wire body = scene.connect();
                    Wire idle = scene.connect()) {
                sync.get("/wire/waits?wait=" + go);
                Scene.awaitEntered(go);
                async.get("/wire/async-complete?wait=" + go);
                stream.get("/wire/sse?wait=" + go);
                assertThat(stream.line()).contains("HTTP/1.1 200 OK");
                Path drinking = scene.signal("drinking");
                body.request("POST", "/wire/x?drink=1&wait=" + drinking, "Content-Length: 10")
                        .send("12345");
                Scene.awaitEntered(drinking);
                Scene.assertWhole(idle.get("/wire/calm").read(), 200, scene.version());
                for (int i = 0; i < CLIENTS; i++) {
                    Thread client = new Thread(() -> untilRefused(complaints, answered, told));
                    client.start();
                    clients.add(client);
                }
                Await.until(() -> assertThat(answered.get()).isGreaterThan(CLIENTS * 10));

                sluice.signal();
                Await.until(() ->
                        assertThat(ready()).as("readiness goes down first").isEqualTo(503));
                Answer still = scene.get("/wire/calm");
                Scene.assertWhole(still, 200, scene.version());
                assertThat(still.header("Connection")).isEqualToIgnoringCase("close");
                for (Thread client : clients) {
                    client.join();
                }
                assertThat(complaints).isEmpty();
                assertThat(told.get())
                        .as("clients that were told to close their connection")
                        .isPositive();
                assertThat(live()).as("the admin listener answers to the end").isEqualTo(200);

                body.send("67890");
                Answer drunk = body.read();
                Scene.assertWhole(drunk, 200, scene.version());
                assertThat(drunk.header("X-Drunk")).isEqualTo("10");
                assertThat(sluice.isAlive()).isTrue();
                Scene.let(go);
                Scene.assertWhole(sync.read(), 200, scene.version());
                Answer completed = async.read();
                Scene.assertWhole(completed, 200, scene.version());
                assertThat(completed.body()).isEqualTo("done " + scene.version() + " running\n");
                List<String> rest = new ArrayList<>();
                stream.line().ifPresent(rest::add);
                while (!rest.get(rest.size() - 1).equals("0")) {
                    rest.add(stream.line().orElseThrow(() -> new AssertionError("the stream was cut off: " + rest)));
                }
                assertThat(rest).contains("data: end " + scene.version() + " running");
                assertThat(idle.isClosed())
                        .as("an idle connection is closed without another byte")
                        .isTrue();
            }
            assertThat(sluice.awaitExit()).isZero();
            assertThat(sluice.log()).contains("stopping: every request is answered");
            assertThat(scene.isStopped(scene.version())).isTrue();
        });
    }

    private void untilRefused(Queue<String> complaints, AtomicInteger answered, AtomicInteger told) {
        boolean refused = false;
        while (!refused) {
            try (Wire wire = scene.connect()) {
                boolean open = true;
                while (open) {
                    Answer answer = wire.get("/wire/calm").read();
                    answered.incrementAndGet();
                    refused = answer.status() == 503;
                    open = !answer.header("Connection").equalsIgnoreCase("close");
                    if (refused
                                    && (open
                                            || answer.header("Retry-After").isEmpty()
                                            || !answer.body().contains("stopping"))
                            || !refused
                                    && (answer.status() != 200 || !answer.body().startsWith("BEHIND behind"))
                            || answer.ending() != Ending.WHOLE) {
                        complaints.add(answer.toString());
                        return;
                    }
                }
                told.incrementAndGet();
            } catch (RuntimeException e) {
                complaints.add(e.toString());
                return;
            }
        }
    }

    /** A head that never ends is no request: it holds nothing up, and is no reason to end otherwise than with 0. */
    @Test
    void halfARequestHoldsNothingUp() throws Exception {
        start("--drain-timeout", FOREVER);
        stand.watch(() -> {
            try (Wire head = scene.connect();
                    Wire second = scene.connect()) {
                head.send("GET /wire/calm HTTP/1.1\r\nHost: x\r\nX-Slow: ");
                second.get("/wire/calm").read();
                second.send("GET /wire/ca");
                assertThat(sluice.terminate()).isZero();
                assertThat(head.read().status()).isIn(0, 400, 408, 503);
                assertThat(second.read().status()).isIn(0, 400, 408, 503);
            }
        });
    }

    @Test
    void theDeadlineHoldsAgainstRequestsThatNeverEnd() throws Exception {
        start("--drain-timeout", "1s");
        stand.watch(() -> {
            Path never = scene.signal("never");
            Path loop = scene.signal("loop");
            Path async = scene.signal("async");
            try (Wire one = scene.connect();
                    Wire two = scene.connect();
                    Wire three = scene.connect()) {
                one.get("/wire/waits?wait=" + never);
                two.get("/wire/endless-loop?wait=" + loop);
                three.get("/wire/never-completes?timeout=0&wait=" + async);
                for (Path inside : List.of(never, loop, async)) {
                    Scene.awaitEntered(inside);
                }
                assertThat(sluice.signal().awaitExit()).isZero();
                for (Wire wire : List.of(one, two, three)) {
                    assertGivenUp(wire.read());
                }
            }
            assertThat(sluice.log())
                    .contains("requests are left after the drain timeout of 1000 ms")
                    .contains("GET /wire/waits,")
                    .contains("GET /wire/endless-loop,")
                    .contains("GET /wire/never-completes,");
        });
    }

    @Test
    void aSecondSignalCutsTheDelayAndTheDrainShort() throws Exception {
        start("--shutdown-delay", FOREVER, "--drain-timeout", FOREVER);
        stand.watch(() -> {
            Path never = scene.signal("never");
            try (Wire stuck = scene.connect()) {
                stuck.get("/wire/waits?wait=" + never);
                Scene.awaitEntered(never);

                sluice.signal();
                Await.until(() -> assertThat(ready()).isEqualTo(503));
                Scene.assertWhole(scene.get("/wire/calm"), 200, scene.version());
                assertThat(scene.isStopped(scene.version())).isFalse();

                assertThat(sluice.signal().awaitExit()).isZero();
                assertGivenUp(stuck.read());
            }
            assertThat(sluice.log()).contains("cut short").contains("GET /wire/waits,");
            assertThat(scene.isStopped(scene.version()))
                    .as("bundles stop in good order")
                    .isTrue();
        });
    }

    @Test
    void aThirdSignalEndsTheProcessWhateverABundleDoesInItsStop() throws Exception {
        start("--shutdown-delay", FOREVER);
        stand.watch(() -> {
            Path never = scene.signal("never");
            Path hanging = scene.signal("hanging");
            sluice.home()
                    .copy(
                            WireBundle.of("wire.hanging", "1.0.0")
                                    .header("Wire-Hang-In-Stop", never.toString())
                                    .tellsWhenStopped(hanging)
                                    .middleware("hanging", "/hanging", 0, "pass")
                                    .jar(),
                            "hanging.jar");
            Await.until(() -> assertThat(sluice.status().serving("hanging")).contains("1.0.0"));
            sluice.signal();
            Await.until(() -> assertThat(ready()).isEqualTo(503));
            sluice.signal();
            assertThat(Scene.awaitNote(hanging)).as("it hangs in its stop").isEqualTo("1.0.0");
            assertThat(sluice.isAlive()).isTrue();
            assertThat(sluice.signal().awaitExit()).isEqualTo(143);
        });
    }

    /** A request that is held has nothing yet, and is told so, whole, when the container stops. */
    @Test
    void aHeldRequestIsRefusedAndNotForgotten() throws Exception {
        stand = Stand.start("StopIT", home -> home.configure("dev.sluice.chain", "hold.timeout = " + FOREVER));
        sluice = stand.sluice();
        scene = stand.scene(List.of("waits"));
        stand.watch(() -> {
            dev.sluice.itests.harness.Saboteur saboteur = dev.sluice.itests.harness.Saboteur.deploy(sluice);
            saboteur.does("stop-transient", "wire.requests");
            try (Wire held = scene.connect()) {
                held.get("/wire/calm");
                Await.until(() -> assertThat(sluice.status().json().get("held").getAsLong())
                        .isEqualTo(1));
                sluice.signal();
                Answer answer = held.read();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
                assertThat(answer.header("Retry-After")).isNotEmpty();
            }
            assertThat(sluice.awaitExit()).isZero();
        });
    }

    /** It may be cut, or be told of an error as a whole; it mustn't look as if it had been answered. */
    private static void assertGivenUp(Answer answer) {
        assertThat(answer.ending() == Ending.NONE || answer.ending() == Ending.CUT || answer.status() >= 500)
                .as("%s", answer)
                .isTrue();
    }

    private int ready() {
        return Client.anonymous().get(sluice.admin("/health/ready")).statusCode();
    }

    private int live() {
        return Client.anonymous().get(sluice.admin("/health/live")).statusCode();
    }
}
