package dev.sluice.itests.framework;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.PlaceView;
import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.middleware.Middleware;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;

/** The chain, and other bundles that stop, update and register things beside it. Each test has paths of its own. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ChainIT {

    @Inject
    public BundleContext context;

    @Inject
    public ChainControl chain;

    private InTheFramework framework;

    @Configuration
    public Option[] container() {
        Home home = Home.fresh("ChainIT");
        Option container = Container.on(home);
        Container.fixture(
                home, "updated.jar", guard("updated", "/updated/*", "1.0.0").jar());
        Container.fixture(
                home, "updated-2.jar", guard("updated", "/updated/*", "2.0.0").jar());
        Container.fixture(
                home, "stopped.jar", guard("stopped", "/stopped/*", "1.0.0").jar());
        Container.fixture(home, "open.jar", guard("open", "/open/*", "1.0.0").jar());
        Container.fixture(
                home,
                "unnamed.jar",
                TestBundle.of("test.unnamed", "1.0.0")
                        .middleware("", "/unnamed/*", 1, "deny")
                        .jar());
        Container.fixture(
                home,
                "slow.jar",
                TestBundle.of("test.slow", "1.0.0")
                        .middleware("slow", "/slow/*", 1, "wait")
                        .tellsWhenStopped(home.path().resolve("fixtures").resolve("slow.stopped"))
                        .jar());
        Container.fixture(
                home,
                "configured.jar",
                AnnotatedBundle.stamping(
                                "configured",
                                "1.0.0",
                                "configurationPid = \"test.configured\"",
                                "@Activate void activate(Map<String, Object> config) {"
                                        + " stamp = String.valueOf(config.get(\"text\")); }")
                        .jar());
        return new Option[] {container};
    }

    @Before
    public void ready() {
        framework = InTheFramework.ready(context);
    }

    @Test
    public void aServiceThatNobodyClaimedIsPublishedAndItsPlaceStaysClosedWhenItGoes() {
        Middleware answer = (request, response, next) -> response.setStatus(299);
        Hashtable<String, Object> properties = new Hashtable<>(
                Map.of("middleware.name", "late", "middleware.paths", new String[] {"/late/*"}, "service.ranking", 7));
        ServiceRegistration<Middleware> registration = context.registerService(Middleware.class, answer, properties);
        framework.awaitStatus(299, "/late/x");
        assertEquals(7, place("late").orElseThrow().ranking());

        registration.unregister();
        assertEquals("nobody said that it may go", 503, framework.get("/late/x").statusCode());
        assertEquals(404, framework.get("/early").statusCode());

        registration = context.registerService(Middleware.class, answer, properties);
        framework.awaitStatus(299, "/late/x");
        registration.unregister();
    }

    @Test
    public void withoutANameTheSymbolicNameIsTaken() throws Exception {
        Bundle bundle = framework.start("unnamed.jar");

        framework.awaitStatus(403, "/unnamed/x");
        assertTrue(place("test.unnamed").isPresent());

        framework.remove(bundle);
        framework.awaitStatus(404, "/unnamed/x");
    }

    @Test
    public void anUpdateInPlaceIsNeverAWayAroundTheGuard() throws Exception {
        Bundle bundle = framework.start("updated.jar");
        framework.awaitStatus(403, "/updated/x");

        try (Load load = Load.on(framework.data("/updated/x"), ChainIT::guarded)) {
            for (int i = 0; i < 50; i++) {
                try (var in = Files.newInputStream(framework.fixture(i % 2 == 0 ? "updated-2.jar" : "updated.jar"))) {
                    bundle.update(in);
                }
                framework.awaitStatus(403, "/updated/x");
            }
            load.stop();
            assertEquals(List.of(), load.complaints());
        }
        framework.remove(bundle);
        framework.awaitStatus(404, "/updated/x");
    }

    @Test
    public void aStopBySomebodyElseKeepsThePlaceClosedAndAnOperatorsRemovesIt() throws Exception {
        Bundle bundle = framework.start("stopped.jar");
        framework.awaitStatus(403, "/stopped/x");

        try (Load load = Load.on(framework.data("/stopped/x"), ChainIT::guarded)) {
            bundle.stop();
            assertEquals(503, framework.get("/stopped/x").statusCode());
            assertTrue(framework
                    .get("/stopped/x")
                    .headers()
                    .firstValue("Retry-After")
                    .isPresent());
            bundle.start();
            framework.awaitStatus(403, "/stopped/x");
            bundle.uninstall();
            assertEquals(503, framework.get("/stopped/x").statusCode());
            Bundle again = framework.start("stopped.jar");
            framework.awaitStatus(403, "/stopped/x");
            load.stop();
            assertEquals(List.of(), load.complaints());

            framework.remove(again);
        }
        framework.awaitStatus(404, "/stopped/x");
    }

    @Test
    public void aStopWaitsForTheRequestsThatHoldTheUnit() throws Exception {
        Bundle bundle = framework.start("slow.jar");
        framework.awaitStatus(404, "/slow/x");
        Path go = framework.fixture("go");
        Path stopped = framework.fixture("slow.stopped");
        CompletableFuture<HttpResponse<String>> answer =
                Client.anonymous().getLater(framework.data("/slow/x?wait=" + go));
        Await.until(() -> assertTrue(Files.exists(framework.fixture("go.entered"))));

        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> stop(bundle));
        Await.until(() -> assertEquals(Bundle.STOPPING, bundle.getState()));
        CompletableFuture<HttpResponse<String>> held = Client.anonymous().getLater(framework.data("/slow/x"));
        assertFalse("its activator would tell", Files.exists(stopped));
        assertFalse(stop.isDone());
        Files.createFile(go);

        HttpResponse<String> finished = answer.get();
        assertEquals(404, finished.statusCode());
        assertEquals(Optional.of("1.0.0"), finished.headers().firstValue("X-slow"));
        assertEquals(Optional.empty(), finished.headers().firstValue("X-Stopped"));
        stop.get();
        assertTrue(Files.exists(stopped));
        assertEquals("it doesn't come back", 503, held.get().statusCode());
        framework.remove(bundle);
    }

    @Test
    public void aFilterServiceWithANameIsAMiddlewareWithItsOwnLife() throws Exception {
        Lived filter = new Lived();
        ServiceRegistration<Filter> registration = context.registerService(
                Filter.class,
                filter,
                new Hashtable<>(Map.of("middleware.name", "lived", "middleware.paths", "/lived/*")));

        framework.awaitStatus(298, "/lived/x");
        assertEquals(1, filter.initialised.get());
        assertEquals(0, filter.destroyed.get());

        registration.unregister();
        Await.until(() -> assertEquals(1, filter.destroyed.get()));
        assertEquals(503, framework.get("/lived/x").statusCode());
    }

    @Test
    public void aFilterServiceWithoutANameIsNone() {
        Lived filter = new Lived();
        ServiceRegistration<Filter> registration = context.registerService(Filter.class, filter, new Hashtable<>());

        assertEquals(404, framework.get("/lived-not/x").statusCode());
        assertEquals(0, filter.initialised.get());
        registration.unregister();
    }

    @Test
    public void aComponentThatIsActivatedAnewIsNeverMissed() throws Exception {
        Bundle bundle = framework.start("configured.jar");
        Await.until(() -> assertTrue(
                framework.get("/").headers().firstValue("X-configured").isPresent()));

        try (Load load = Load.on(framework.data("/"), ChainIT::configured)) {
            for (int i = 0; i < 20; i++) {
                configure("text", "value-" + i);
                String expected = "value-" + i;
                Await.until(() -> assertEquals(
                        Optional.of(expected), framework.get("/").headers().firstValue("X-configured")));
            }
            load.stop();
            assertEquals(List.of(), load.complaints());
        }
        framework.remove(bundle);
        Await.until(() -> assertEquals(404, framework.get("/").statusCode()));
    }

    @Test
    public void withoutTheChainTheGateLetsNothingThrough() throws Exception {
        Bundle guard = framework.start("open.jar");
        ServiceRegistration<Servlet> servlet = context.registerService(
                Servlet.class,
                new Open(),
                new Hashtable<>(Map.of(
                        "osgi.http.whiteboard.servlet.pattern",
                        "/open/*",
                        "osgi.http.whiteboard.target",
                        "(org.apache.felix.http.name=sluice-data)")));
        framework.awaitStatus(403, "/open/x");
        Bundle chainBundle = framework.bundle("dev.sluice.chain");

        try (Load load = Load.on(framework.data("/open/x"), ChainIT::guarded)) {
            for (int i = 0; i < 5; i++) {
                chainBundle.stop();
                assertEquals(503, framework.get("/open/x").statusCode());
                chainBundle.start();
                framework.awaitStatus(403, "/open/x");
            }
            load.stop();
            assertEquals(List.of(), load.complaints());
        }
        servlet.unregister();
        framework.remove(guard);
        framework.awaitStatus(404, "/open/x");
    }

    @Test
    public void theChainServesOnWithoutTheDeployer() throws Exception {
        Bundle deployer = framework.bundle("dev.sluice.deployer");
        deployer.stop();
        try {
            Bundle guard = framework.start("stopped.jar");
            framework.awaitStatus(403, "/stopped/x");
            framework.remove(guard);
            framework.awaitStatus(404, "/stopped/x");
        } finally {
            deployer.start();
        }
    }

    private Optional<PlaceView> place(String name) {
        return chain.view().places().stream()
                .filter(place -> place.name().equals(name))
                .findFirst();
    }

    /** Through ConfigAdmin's service, by its name: the test needs no more of it. */
    private void configure(String key, String value) throws Exception {
        var reference = context.getServiceReference("org.osgi.service.cm.ConfigurationAdmin");
        Object admin = context.getService(reference);
        Class<?> type = admin.getClass().getClassLoader().loadClass("org.osgi.service.cm.ConfigurationAdmin");
        Object configuration =
                type.getMethod("getConfiguration", String.class, String.class).invoke(admin, "test.configured", "?");
        Class<?> configurationType = admin.getClass().getClassLoader().loadClass("org.osgi.service.cm.Configuration");
        configurationType
                .getMethod("update", java.util.Dictionary.class)
                .invoke(configuration, new Hashtable<>(Map.of(key, value)));
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Refused by the guard, or by the chain because the guard is away: never past it. */
    private static Optional<String> guarded(HttpResponse<String> answer) {
        int status = answer.statusCode();
        return status == 403 || status == 503 ? Optional.empty() : Optional.of("passed with " + status);
    }

    private static Optional<String> configured(HttpResponse<String> answer) {
        boolean ran = answer.headers().firstValue("X-configured").isPresent();
        return ran || answer.statusCode() == 503 ? Optional.empty() : Optional.of("passed with " + answer.statusCode());
    }

    private static TestBundle guard(String name, String path, String version) {
        return TestBundle.of("test." + name, version).middleware(name, path, 1, "deny");
    }

    /** Counts what the chain does with it. */
    public static final class Lived implements Filter {
        final AtomicInteger initialised = new AtomicInteger();
        final AtomicInteger destroyed = new AtomicInteger();

        @Override
        public void init(FilterConfig config) throws ServletException {
            initialised.incrementAndGet();
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) {
            ((HttpServletResponse) response).setStatus(298);
        }

        @Override
        public void destroy() {
            destroyed.incrementAndGet();
        }
    }

    /** What must never be reached without the guard. */
    public static final class Open extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("open");
        }
    }
}
