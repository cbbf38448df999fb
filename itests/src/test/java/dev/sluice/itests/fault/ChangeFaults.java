package dev.sluice.itests.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fault.Catalogue.Row;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.Soak;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Changes in place, alone and in a storm. Kills, cycles and clocks want a process of their own: see the other tests. */
final class ChangeFaults {

    private static final String SLOW = "slow.jar";
    private static final String PASSER_BY = "passer-by.jar";
    private static final String CONTEXT = "context.jar";

    /** Of each kind of change; a thousand of them at length. */
    private static final int STORM = Soak.asked().isPresent() ? 350 : 25;

    private ChangeFaults() {}

    static List<Row> rows() {
        return List.of(Row.of(updateUnderALongRequest()), Row.of(storm()));
    }

    /** The request takes longer than the drain may: it is named, and ends as it would have. */
    private static Fault updateUnderALongRequest() {
        return Fault.of("changes", "an update in place with a request of 10 s in flight, and 8 clients")
                .thatChangesTheChain()
                .strikes(stage -> {
                    stage.home().copy(slow().jar(), SLOW);
                    stage.awaitPublished(SLOW);
                    Path gate = stage.home().path().resolveSibling("gate").toAbsolutePath();
                    CompletableFuture<HttpResponse<String>> longRequest =
                            Client.anonymous().getLater(stage.sluice().data("/slow/long?wait=" + gate));
                    Await.until(() -> assertThat(Path.of(gate + ".entered")).exists());
                    long begun = System.nanoTime();
                    try (Load load = Load.on(stage.sluice().data("/slow/x"), ChangeFaults::judgeSlow)) {
                        CompletableFuture<Void> update = CompletableFuture.runAsync(
                                () -> stage.saboteur().does("update", "test.slow"));
                        // Held meanwhile, and let in by the new instance while the long request is still there.
                        update.join();
                        assertThat(longRequest).as("the request of 10 s").isNotDone();
                        load.awaitAnswers(5 * Load.CLIENTS);
                        Await.until(() -> assertThat(System.nanoTime() - begun)
                                .isGreaterThan(Duration.ofSeconds(10).toNanos()));
                        Files.writeString(gate, "");
                        HttpResponse<String> answer = longRequest.join();
                        assertThat(answer.headers().firstValue("X-slow")).contains("1.0.0");
                        assertThat(answer.statusCode()).isEqualTo(404);
                        load.stop();
                        assertThat(load.complaints()).isEmpty();
                    }
                })
                .seen(stage -> assertThat(stage.log())
                        .contains("stuck at the drain deadline", "/slow/long")
                        .contains("slow"))
                .mended(stage -> {
                    stage.home().remove(SLOW);
                    Await.until(() ->
                            assertThat(stage.sluice().status().place("slow")).isEmpty());
                });
    }

    /** Whatever is answered, the middleware has run, or the container has refused, as is documented. */
    private static Optional<String> judgeSlow(HttpResponse<String> answer) {
        boolean ran = answer.headers().firstValue("X-slow").isPresent();
        if (answer.statusCode() == 404 && ran) {
            return answer.headers().firstValue("X-Stopped").map(unit -> "ran after it was stopped: " + unit);
        }
        boolean refused = answer.statusCode() == 503
                && answer.headers().firstValue("Retry-After").isPresent();
        return refused ? Optional.empty() : Optional.of(answer.statusCode() + " " + answer.headers() + answer.body());
    }

    /**
     * Others update, stop and start the middleware that the clients are on, and the denier, and install and uninstall a third;
     * servlet contexts come and go whose path is the denier's.
     */
    private static Fault storm() {
        AtomicInteger changes = new AtomicInteger();
        return Fault.of("changes", "a storm of updates, stops and uninstalls, with new servlet contexts in it")
                .tolerating(Target.APP, Target.FORBIDDEN)
                .strikes(stage -> {
                    changes.set(0);
                    List<CompletableFuture<Void>> winds = new ArrayList<>();
                    winds.add(CompletableFuture.runAsync(() -> inPlace(stage, StageBundles.PAIR, 1, changes)));
                    winds.add(CompletableFuture.runAsync(() -> inPlace(stage, StageBundles.DENIER, 2, changes)));
                    winds.add(CompletableFuture.runAsync(() -> comingAndGoing(stage, changes)));
                    CompletableFuture.allOf(winds.toArray(CompletableFuture[]::new))
                            .join();
                    System.out.println("storm: " + changes + " changes");
                })
                .seen(stage -> {
                    assertThat(stage.log()).contains("its place stays");
                    assertThat(stage.sluice().status().chain())
                            .filteredOn(place -> place.json().get("blocks").getAsBoolean())
                            .as("places that block after the storm")
                            .allSatisfy(place -> assertThat(place.name()).isEqualTo("passer-by"));
                })
                .mended(stage -> {
                    for (String file : List.of(PASSER_BY, CONTEXT)) {
                        Files.deleteIfExists(stage.home().deploy(file));
                    }
                });
    }

    private static void inPlace(Stage stage, String bundle, long seed, AtomicInteger changes) {
        Random random = new Random(seed);
        for (int i = 0; i < STORM; i++) {
            switch (random.nextInt(4)) {
                case 0 -> stage.saboteur().does("stop", bundle);
                case 1 -> stage.saboteur().does("stop-transient", bundle);
                case 2 -> stage.saboteur().does("refresh", bundle);
                default -> stage.saboteur().does("update", bundle);
            }
            stage.saboteur().does("start", bundle);
            changes.addAndGet(2);
        }
    }

    private static void comingAndGoing(Stage stage, AtomicInteger changes) {
        for (int i = 0; i < STORM; i++) {
            stage.home().copy(passerBy(i).jar(), PASSER_BY);
            if (i % 2 == 0) {
                stage.home().copy(context(i), CONTEXT);
            } else {
                stage.home().remove(CONTEXT);
            }
            int now = i;
            Await.until(() ->
                    assertThat(stage.sluice().status().serving("passer-by")).contains(now + ".0.0"));
            stage.saboteur().does("uninstall", "test.passer-by");
            changes.addAndGet(3);
        }
    }

    private static TestBundle passerBy(int version) {
        return TestBundle.of("test.passer-by", version + ".0.0").middleware("passer-by", "/passer-by/*", 10, "stamp");
    }

    private static TestBundle slow() {
        return TestBundle.of("test.slow", "1.0.0").middleware("slow", "/slow/*", 10, "wait");
    }

    /** A servlet context with the highest ranking, on the denier's path, with a servlet that answers 200 to everything. */
    private static byte[] context(int version) {
        return TestBundle.of("test.context", version + ".0.0")
                .header("Bundle-Activator", "context.Activator")
                .imports("org.osgi.framework")
                .imports("org.osgi.service.servlet.context")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .source(
                        "context.Activator",
                        """
                        package context;

                        import jakarta.servlet.Servlet;
                        import jakarta.servlet.http.*;
                        import java.io.IOException;
                        import java.util.Hashtable;
                        import org.osgi.framework.*;
                        import org.osgi.service.servlet.context.ServletContextHelper;

                        public final class Activator implements BundleActivator {
                            public void start(BundleContext context) {
                                Hashtable<String, Object> own = new Hashtable<>();
                                own.put("osgi.http.whiteboard.context.name", "around");
                                own.put("osgi.http.whiteboard.context.path", "/forbidden");
                                own.put("service.ranking", 1_000_000);
                                context.registerService(
                                        ServletContextHelper.class,
                                        new ServletContextHelper(context.getBundle()) {},
                                        own);
                                Hashtable<String, Object> properties = new Hashtable<>();
                                properties.put("osgi.http.whiteboard.servlet.pattern", "/*");
                                properties.put("osgi.http.whiteboard.servlet.asyncSupported", true);
                                properties.put(
                                        "osgi.http.whiteboard.context.select",
                                        "(osgi.http.whiteboard.context.name=around)");
                                context.registerService(Servlet.class, new HttpServlet() {
                                    protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                            throws IOException {
                                        response.setHeader("X-vault", "gone around");
                                        response.getWriter().print("gone around");
                                    }
                                }, properties);
                            }

                            public void stop(BundleContext context) {}
                        }
                        """)
                .jar();
    }
}
