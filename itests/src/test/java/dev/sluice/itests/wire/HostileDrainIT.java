package dev.sluice.itests.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.fixture.WireBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Wire;
import dev.sluice.itests.harness.Wire.Answer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Changes in place while requests are inside that make them hard. Where a test lets go of its request, the deadline for the
 * drain is too far away to matter; where it doesn't, the deadline is what ends it.
 */
@Tag("process")
@Tag("one-java")
class HostileDrainIT {

    private static final String BUNDLE = "wire.requests";
    private static final String CALM = "/wire/calm";

    private static Stand stand;
    private static Scene scene;
    private static SluiceProcess sluice;
    private static Saboteur saboteur;

    /** What is in force; at first the default. */
    private static String deadline = "5s";

    @BeforeAll
    static void start() {
        stand = Stand.start("HostileDrainIT", home -> {});
        sluice = stand.sluice();
        scene = stand.scene(List.of(
                "waits",
                "waits-and-swallows-interrupts",
                "endless-loop",
                "stops-itself",
                "updates-itself",
                "never-completes"));
        saboteur = Saboteur.deploy(sluice);
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    /** The deadline is far away, unless a test says otherwise; and what a test that failed has left stopped runs again. */
    @BeforeEach
    void begin() {
        deadline("30s");
        saboteur.does("start", BUNDLE);
        Await.until(() -> Scene.assertWhole(scene.get(CALM), 200, scene.version()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"waits", "waits-and-swallows-interrupts", "endless-loop", "never-completes?timeout=0"})
    void aRequestThatNeverEndsIsWaitedForUntilTheDeadlineAndNamed(String behaviour) throws Exception {
        stand.watch(() -> {
            deadline("1s");
            Path end = scene.signal("end");
            String path = "/wire/" + behaviour + (behaviour.contains("?") ? "&" : "?") + "wait=" + end;
            String mark = "GET /wire/" + behaviour.replaceAll("\\?.*", "") + ", ";
            int from = sluice.log().length();
            try (Wire stuck = scene.connect()) {
                stuck.get(path);
                Scene.awaitEntered(end);
                saboteur.does("stop-transient", BUNDLE);
                Await.until(() ->
                        assertThat(sluice.log().substring(from)).contains("stuck at the drain deadline: " + mark));
                Await.until(() -> assertAway(scene.get(CALM)));
                saboteur.does("start", BUNDLE);
                Await.until(() -> Scene.assertWhole(scene.get(CALM), 200, scene.version()));
            }
            Scene.let(end);
            assertDeploysOn();
        });
    }

    @Test
    void aDrainBlocksNoOtherDeployment() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire slow = scene.connect()) {
                slow.get("/wire/waits?wait=" + go);
                Scene.awaitEntered(go);
                CompletableFuture<HttpResponse<String>> stop =
                        CompletableFuture.supplyAsync(() -> saboteur.tries("stop-transient", BUNDLE));
                Await.until(
                        () -> assertThat(sluice.status().serving("wire-last")).isEmpty());

                sluice.home()
                        .copy(
                                TestBundle.of("test.meanwhile", "1.0.0")
                                        .middleware("meanwhile", "/meanwhile", 0, "answer")
                                        .jar(),
                                "meanwhile.jar");
                Await.until(() -> assertThat(scene.get("/meanwhile").body()).isEqualTo("answered"));
                sluice.home().remove("meanwhile.jar");
                Await.until(() -> assertThat(scene.get("/meanwhile").status()).isEqualTo(404));
                assertThat(stop).as("the drain is under way still").isNotDone();
                assertThat(stops()).isZero();

                Scene.let(go);
                assertThat(stop.join().statusCode()).isEqualTo(200);
                Scene.assertWhole(slow.read(), 200, scene.version());
            }
            saboteur.does("start", BUNDLE);
            assertDeploysOn();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"stops-itself", "updates-itself"})
    void aRequestThatChangesItsOwnBundleIsNotWaitedForByItself(String behaviour) throws Exception {
        stand.watch(() -> {
            Path note = scene.signal("note");
            Path jar = scene.signal("jar");
            java.nio.file.Files.write(jar, scene.jar());
            try (Wire wire = scene.connect()) {
                Answer answer = wire.get("/wire/" + behaviour + "?note=" + note + "&jar=" + jar)
                        .read();
                assertThat(Scene.awaitNote(note)).startsWith("done");
                // The unit behind it went with the bundle: the request may not slip by it.
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body()).doesNotContain("BEHIND");
            }
            saboteur.does("start", BUNDLE);
            assertDeploysOn();
        });
    }

    /** The request is on a snapshot in which the unit is still there; the unit itself is not. */
    @Test
    void aRequestOfAnOldSnapshotDoesNotReachAUnitThatWasClosedAtTheDeadline() throws Exception {
        stand.watch(() -> {
            deadline("1s");
            sluice.home()
                    .copy(
                            WireBundle.of("wire.late", "1.0.0")
                                    .middleware("late", "/wire/waits/*", 10, "pass")
                                    .jar(),
                            "late.jar");
            Await.until(() -> assertThat(scene.get("/wire/waits").ran()).contains("late 1.0.0"));
            Path go = scene.signal("go");
            try (Wire early = scene.connect()) {
                early.get("/wire/waits?wait=" + go);
                Scene.awaitEntered(go);
                saboteur.does("stop-transient", "wire.late");
                Scene.let(go);
                Answer answer = early.read();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body()).doesNotContain("BEHIND").contains("late");
                assertThat(answer.ran()).noneMatch(ran -> ran.startsWith("late"));
            }
            saboteur.does("start", "wire.late");
            Await.until(() -> assertThat(scene.get("/wire/waits").ran()).contains("late 1.0.0"));
            sluice.home().remove("late.jar");
            Await.until(() -> assertThat(scene.get("/wire/waits").ran()).noneMatch(ran -> ran.startsWith("late")));
            assertDeploysOn();
        });
    }

    @Test
    void stopsFromSeveralThreadsAllWaitForTheRequestAndStopOnce() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            try (Wire slow = scene.connect()) {
                slow.get("/wire/waits?wait=" + go);
                Scene.awaitEntered(go);
                List<CompletableFuture<HttpResponse<String>>> stops = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    stops.add(CompletableFuture.supplyAsync(() -> saboteur.tries("stop-transient", BUNDLE)));
                }
                Await.until(
                        () -> assertThat(sluice.status().serving("wire-last")).isEmpty());
                assertThat(stops()).isZero();
                Scene.let(go);
                Scene.assertWhole(slow.read(), 200, scene.version());
                stops.forEach(stop -> assertThat(stop.join().statusCode())
                        .as(stop.join().body())
                        .isEqualTo(200));
            }
            saboteur.does("start", BUNDLE);
            assertDeploysOn();
        });
    }

    @Test
    void anUpdateDuringAnUpdateEndsWithOneOfTheTwo() throws Exception {
        stand.watch(() -> {
            Path go = scene.signal("go");
            String before = scene.version();
            try (Wire slow = scene.connect()) {
                slow.get("/wire/waits?wait=" + go);
                Scene.awaitEntered(go);
                CompletableFuture<Void> one =
                        CompletableFuture.runAsync(() -> saboteur.updates(BUNDLE, scene.jar("2.0.0")));
                Await.until(
                        () -> assertThat(sluice.status().serving("wire-last")).isEmpty());
                CompletableFuture<Void> other =
                        CompletableFuture.runAsync(() -> saboteur.updates(BUNDLE, scene.jar("3.0.0")));
                Scene.let(go);
                Scene.assertWhole(slow.read(), 200, before);
                one.join();
                other.join();
            }
            Await.until(() -> {
                Answer answer = scene.get(CALM);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.ran()).isSubsetOf("wire-first 3.0.0", "wire-last 3.0.0", "wire-teller 3.0.0");
            });
            saboteur.updates(BUNDLE, scene.jar());
            Await.until(() -> Scene.assertWhole(scene.get(CALM), 200, scene.version()));
            assertDeploysOn();
        });
    }

    /** Both stop under the framework's lock, one after the other, each after its request. */
    @Test
    void aRefreshOfTwoWiredBundlesWaitsForTheRequestsInBoth() throws Exception {
        stand.watch(() -> {
            sluice.home()
                    .copy(
                            WireBundle.of("wire.library", "1.0.0")
                                    .header("Export-Package", "wire;version=1.0.0;attr=library")
                                    .middleware("library", "/library/*", 20, "waits")
                                    .jar(),
                            "library.jar");
            Await.until(() -> assertThat(sluice.status().serving("library")).contains("1.0.0"));
            sluice.home()
                    .copy(
                            TestBundle.of("test.user", "1.0.0")
                                    .imports("wire;attr=library")
                                    .middleware("user", "/user/*", 20, "wait")
                                    .jar(),
                            "user.jar");
            Await.until(() -> assertThat(sluice.status().serving("user")).contains("1.0.0"));
            Path go = scene.signal("go");
            Path goToo = scene.signal("go");
            try (Wire inLibrary = scene.connect();
                    Wire inUser = scene.connect()) {
                inLibrary.get("/library?wait=" + go);
                inUser.get("/user?wait=" + goToo);
                Scene.awaitEntered(go);
                Scene.awaitEntered(goToo);
                CompletableFuture<HttpResponse<String>> refresh =
                        CompletableFuture.supplyAsync(() -> saboteur.tries("refresh", "wire.library"));
                Await.until(() -> assertThat(Stream.of("library", "user")
                                .filter(name -> sluice.status().serving(name).isEmpty())
                                .toList())
                        .as("one of the two is being stopped")
                        .isNotEmpty());
                Scene.assertWhole(scene.get(CALM), 200, scene.version());
                Scene.let(go);
                Scene.let(goToo);
                assertThat(inLibrary.read().ran()).containsExactly("library 1.0.0");
                Answer user = inUser.read();
                assertThat(user.header("X-user")).isEqualTo("1.0.0");
                assertThat(user.header("X-Stopped")).isEmpty();
                assertThat(refresh.join().statusCode())
                        .as(refresh.join().body())
                        .isEqualTo(200);
            }
            Await.until(() -> assertThat(scene.get("/library").ran()).containsExactly("library 1.0.0"));
            Await.until(() -> assertThat(scene.get("/user").header("X-user")).isEqualTo("1.0.0"));
            sluice.home().remove("user.jar");
            sluice.home().remove("library.jar");
            Await.until(() -> assertThat(sluice.status().place("library")).isEmpty());
            assertDeploysOn();
        });
    }

    /** The component is re-activated once for each change; the request keeps the instance that it is in. */
    @Test
    void configurationsOfAComponentThatChangeDuringItsDrainAreTakenUpAfterwards() throws Exception {
        changeDuringDrain(HostileDrainIT::editInConsole);
    }

    @Test
    void filesThatChangeDuringADrainAreTakenUpAfterwards() throws Exception {
        changeDuringDrain(stamp -> sluice.home().configure("fixture.stamp", "stamp=" + stamp));
    }

    private static void changeDuringDrain(Consumer<String> edit) throws Exception {
        stand.watch(() -> {
            sluice.home().configure("fixture.stamp", "stamp=one");
            sluice.home().copy(configured(), "configured.jar");
            Await.until(() ->
                    assertThat(scene.get("/configured").header("X-configured")).isEqualTo("one"));
            Path go = scene.signal("go");
            try (Wire slow = scene.connect();
                    Wire held = scene.connect()) {
                slow.get("/configured?wait=" + go);
                Scene.awaitEntered(go);
                edit.accept("two");
                Await.until(
                        () -> assertThat(sluice.status().serving("configured")).isEmpty());
                edit.accept("three");
                held.get("/configured");
                Await.until(() -> assertThat(sluice.status().json().get("held").getAsLong())
                        .isPositive());
                Scene.let(go);
                assertThat(slow.read().header("X-configured")).isEqualTo("one");
                assertThat(held.read().header("X-configured")).isIn("two", "three");
            }
            Await.until(() ->
                    assertThat(scene.get("/configured").header("X-configured")).isEqualTo("three"));
            sluice.home().remove("configured.jar");
            Await.until(() -> assertThat(sluice.status().place("configured")).isEmpty());
            assertDeploysOn();
        });
    }

    private static void editInConsole(String stamp) {
        HttpResponse<String> answer = sluice.operator()
                .postForm(
                        sluice.admin("/system/console/configMgr/fixture.stamp"),
                        "apply=true&propertylist=stamp&stamp=" + stamp);
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(400);
    }

    @Test
    void aStopAndAnUninstallDuringHoldLeaveNobodyWaiting() throws Exception {
        stand.watch(() -> {
            sluice.home()
                    .copy(
                            WireBundle.of("wire.held", "1.0.0")
                                    .middleware("held", "/held/*", 20, "pass")
                                    .jar(),
                            "held.jar");
            Await.until(() -> assertThat(scene.get("/held").ran()).containsExactly("held 1.0.0"));
            saboteur.does("stop-transient", "wire.held");
            try (Wire held = scene.connect()) {
                held.get("/held");
                saboteur.does("stop", "wire.held");
                saboteur.does("uninstall", "wire.held");
                assertAway(held.read());
            }
            assertAway(scene.get("/held"));
            sluice.home().remove("held.jar");
            Await.until(() -> assertThat(scene.get("/held").status()).isEqualTo(404));
            assertDeploysOn();
        });
    }

    /** Heads that are half sent hold nothing; a body that comes slowly belongs to a request that is waited for. */
    @Test
    void slowClientsAreWaitedForOnceTheyAreInside() throws Exception {
        stand.watch(() -> {
            Path drinking = scene.signal("drinking");
            try (Wire head = scene.connect();
                    Wire body = scene.connect();
                    Wire reader = scene.connect()) {
                head.send("GET /wire/calm HTTP/1.1\r\nHost: x\r\nX-Slow: a");
                Scene.assertWhole(scene.get(CALM), 200, scene.version());
                saboteur.does("stop-transient", BUNDLE);
                saboteur.does("start", BUNDLE);
                Await.until(() -> Scene.assertWhole(scene.get(CALM), 200, scene.version()));

                body.request("POST", "/wire/calm?drink=1&wait=" + drinking, "Content-Length: 6")
                        .send("abc");
                Scene.awaitEntered(drinking);
                reader.get("/wire/calm?size=8000000");
                Await.until(() -> assertThat(scene.heldUnits()).anyMatch(unit -> unit.leases() == 2));
                long before = stops();
                CompletableFuture<HttpResponse<String>> stop =
                        CompletableFuture.supplyAsync(() -> saboteur.tries("stop-transient", BUNDLE));
                Await.until(
                        () -> assertThat(sluice.status().serving("wire-last")).isEmpty());
                // Half a head is no request yet: it comes after the stop has begun, and is held.
                head.send("\r\n\r\n");
                body.send("def");
                Answer drunk = body.read();
                Scene.assertWhole(drunk, 200, scene.version());
                assertThat(drunk.header("X-Drunk")).isEqualTo("6");
                assertThat(stop).isNotDone();
                assertThat(stops()).isEqualTo(before);
                Answer read = reader.read();
                Scene.assertWhole(read, 200, scene.version());
                assertThat(read.body()).endsWith("end\n");
                assertThat(read.body().length()).isGreaterThanOrEqualTo(8_000_000);
                assertThat(stop.join().statusCode()).isEqualTo(200);
                saboteur.does("start", BUNDLE);
                assertThat(head.read().status()).isIn(200, 503);
            }
            assertDeploysOn();
        });
    }

    /** That File Install has read the file isn't enough: the chain writes it down before anything is done by it. */
    private static void deadline(String inplaceDrainTimeout) {
        String key = "inplace.drain.timeout=";
        int from = sluice.log().length();
        sluice.home().configure("dev.sluice.chain", key + inplaceDrainTimeout);
        if (!inplaceDrainTimeout.equals(deadline)) {
            Await.until(() -> assertThat(sluice.log().substring(from))
                    .contains("The configuration dev.sluice.chain is in force: {" + key + inplaceDrainTimeout + "}"));
            deadline = inplaceDrainTimeout;
        }
    }

    private static void assertAway(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(answer.body()).doesNotContain("BEHIND");
    }

    /** Later deployments go as if nothing had been, and requests hold nothing any more. */
    private static void assertDeploysOn() {
        Await.until(() -> Scene.assertWhole(scene.get(CALM), 200, scene.version()));
        scene.forgetStops();
        scene.assertGivenBack();
    }

    private static long stops() {
        return scene.stops(scene.version());
    }

    private static byte[] configured() {
        return AnnotatedBundle.of("test.configured", "1.0.0")
                .source(
                        "fixture.Stamp",
                        """
                        package fixture;

                        import dev.sluice.middleware.*;
                        import jakarta.servlet.ServletException;
                        import jakarta.servlet.http.*;
                        import java.io.IOException;
                        import java.nio.file.*;
                        import java.util.Map;
                        import org.osgi.service.component.annotations.*;

                        @Component(configurationPid = "fixture.stamp", configurationPolicy = ConfigurationPolicy.REQUIRE)
                        @MiddlewareName("configured")
                        @MiddlewarePaths("/configured")
                        public final class Stamp implements Middleware {
                            private final String stamp;

                            @Activate
                            public Stamp(Map<String, Object> properties) {
                                stamp = (String) properties.get("stamp");
                            }

                            @Override
                            public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
                                    throws IOException, ServletException {
                                String wait = request.getParameter("wait");
                                if (wait != null) {
                                    Files.writeString(Path.of(wait + ".entered"), "");
                                    while (!Files.exists(Path.of(wait))) {
                                        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                                    }
                                }
                                response.setHeader("X-configured", stamp);
                                response.getWriter().print(stamp);
                            }
                        }
                        """)
                .jar();
    }
}
