package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Jvm;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarInputStream;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Bundles that repeat a task for ever in the container's executor and never cancel it, one with Declarative Services and one with
 * an activator: replaced again and again, nothing of a former version is left.
 */
@Tag("process")
class ManagedTasksIT {

    private static final int VERSIONS = 20;
    private static final String UNLOAD = "dev.sluice.unload";
    private static final String EXECUTOR_NEEDED =
            "filter:=\"(objectClass=java.util.concurrent.ScheduledExecutorService)\"";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @Test
    void tasksEndWithTheirBundle() {
        SluiceProcess sluice = sluices.start();
        replace(sluice, 0);
        long before = Jvm.of(sluice).instances(Jvm.BUNDLE_CLASS_LOADER);
        assertThat(before).as("bundles with a class loader").isPositive();

        for (int version = 1; version <= VERSIONS; version++) {
            replace(sluice, version);
        }

        Await.until(Duration.ofSeconds(60), () -> {
            assertThat(Jvm.of(sluice).instances("fixture.Stamp")).isEqualTo(1);
            assertThat(Jvm.of(sluice).instances("fixture.Plain")).isEqualTo(1);
            assertThat(Jvm.of(sluice).instances(Jvm.BUNDLE_CLASS_LOADER)).isLessThanOrEqualTo(before);
            assertThat(timers(sluice)).containsExactly("test.component-timing", "test.plain-timing");
        });
        assertThat(sluice.log()).doesNotContain("go on although interrupted");
    }

    /** bnd has it written into an author's bundle that the service is needed; our own has it written that it is there. */
    @Test
    void theServiceIsAskedForAndProvidedAsACapability() throws IOException {
        assertThat(header(component("1.0.0"), "Require-Capability")).contains(EXECUTOR_NEEDED);
        assertThat(header(plain("1.0.0"), "Require-Capability")).isEqualTo("osgi.service;" + EXECUTOR_NEEDED);

        SluiceProcess sluice = sluices.start();
        replace(sluice, 0); // the framework has found the capability for the second, which needs it to be resolved
    }

    @Test
    void aComponentThatIsActivatedAgainHasANewExecutor() {
        SluiceProcess sluice = sluices.start();
        sluice.home().configure("test.component", "text=first");
        sluice.home().copy(component("1.0.0"), "component.jar");
        awaitHeader(sluice, "X-component", "1.0.0 first on test.component-1");

        sluice.home().configure("test.component", "text=second");

        awaitHeader(sluice, "X-component", "1.0.0 second on test.component-1");
        assertThat(timers(sluice)).containsExactly("test.component-timing");
    }

    @Test
    void tasksEndWhenTheContainersBundleStopsAndComponentsComeBackWithIt() {
        SluiceProcess sluice = sluices.start();
        replace(sluice, 0);
        Saboteur saboteur = Saboteur.deploy(sluice);

        saboteur.does("stop", UNLOAD);

        assertThat(timers(sluice)).isEmpty();
        assertThat(Client.anonymous().get(sluice.data("/component/")).statusCode())
                .as("without its executor the middleware is away")
                .isEqualTo(503);
        saboteur.does("start", UNLOAD);
        awaitHeader(sluice, "X-component", "1.0.0 on test.component-1");
        assertThat(timers(sluice)).containsExactly("test.component-timing");
        assertThat(sluice.log()).doesNotContain("go on although interrupted");
    }

    @Test
    void aTaskThatAlwaysThrowsIsInTheLogOnceAndLeavesNothing() {
        SluiceProcess sluice = sluices.start();
        sluice.home()
                .copy(
                        using(
                                        "1.0.0",
                                        """
                                        tasks.scheduleAtFixedRate(
                                                () -> { throw new Broken(); }, 0, 1, java.util.concurrent.TimeUnit.MILLISECONDS);
                                        """)
                                .source("fixture.Broken", "package fixture; class Broken extends RuntimeException {}")
                                .jar(),
                        "component.jar");
        awaitHeader(sluice, "X-component", "1.0.0 on test.component-1");
        Await.until(() -> assertThat(sluice.log()).contains("A task of test.component failed: fixture.Broken"));

        sluice.home().remove("component.jar");

        Await.until(Duration.ofSeconds(60), () -> {
            assertThat(Jvm.of(sluice).instances("fixture.Broken")).isZero();
            assertThat(Jvm.of(sluice).instances("fixture.Stamp")).isZero();
        });
        assertThat(sluice.log())
                .containsOnlyOnce("A task of test.component failed: fixture.Broken")
                .containsPattern("Tasks of test\\.component failed \\d+ times more in known ways");
    }

    @Test
    void aTaskThatIgnoresTheInterruptIsNamed() {
        SluiceProcess sluice = sluices.start();
        sluice.home().configure(UNLOAD, "unload.tasks.timeout=10ms");
        Await.until(() -> assertThat(sluice.log()).contains("In force now: {unload.tasks.timeout=10ms}"));
        sluice.home()
                .copy(
                        using(
                                        "1.0.0",
                                        """
                                        tasks.execute(() -> {
                                            while (true) {
                                                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                                                Thread.interrupted();
                                            }
                                        });
                                        """)
                                .jar(),
                        "component.jar");
        awaitHeader(sluice, "X-component", "1.0.0 on test.component-1");

        sluice.home().remove("component.jar");

        Await.until(Duration.ofSeconds(30), () -> assertThat(sluice.log())
                .contains("Tasks of test.component run on 10 ms after it has stopped")
                .contains("test.component is stopped, but tasks of it go on although interrupted: thread"
                        + " \"test.component-2\""));
    }

    /** The framework stops one bundle after another: each with its own five seconds would be more than a stop allows for. */
    @Test
    void aStopIsOrderlyHoweverManyBundlesHaveTasksThatWaitForTheirInterrupt() {
        SluiceProcess sluice = sluices.start();
        List<String> names = List.of("first", "second", "third", "fourth");
        names.forEach(name -> sluice.home()
                .copy(
                        using(name, "1.0.0", "tasks.submit(() -> { Thread.sleep(1_000_000); return null; });")
                                .jar(),
                        name + ".jar"));
        names.forEach(name -> awaitHeader(sluice, "X-" + name, "1.0.0 on test." + name + "-1"));

        assertThat(sluice.signal().awaitExit()).as("exit code").isZero();

        assertThat(sluice.log())
                .contains("Sluice has stopped")
                .doesNotContain("go on although interrupted", "Ending though it hasn't stopped");
    }

    /** {@return the names of the threads that wait for bundles' tasks} */
    private static List<String> timers(SluiceProcess sluice) {
        // At the beginning of a line: the dump that has virtual threads names all once more, after their numbers.
        return Pattern.compile("^\"(test\\.[a-z.]+-timing)\"", Pattern.MULTILINE)
                .matcher(Jvm.of(sluice).threads())
                .results()
                .map(found -> found.group(1))
                .sorted()
                .toList();
    }

    private static String header(byte[] jar, String name) throws IOException {
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            return in.getManifest().getMainAttributes().getValue(name);
        }
    }

    private static void replace(SluiceProcess sluice, int version) {
        String number = "1.0." + version;
        sluice.home().copy(component(number), "component.jar");
        sluice.home().copy(plain(number), "plain.jar");
        awaitHeader(sluice, "X-component", number + " on test.component-1");
        awaitHeader(sluice, "X-plain", number + " on test.plain-1");
    }

    private static void awaitHeader(SluiceProcess sluice, String name, String value) {
        Client client = Client.anonymous();
        Await.until(Duration.ofSeconds(30), () -> assertThat(
                        client.get(sluice.data("/component/")).headers().allValues(name))
                .isEqualTo(List.of(value)));
    }

    private static byte[] component(String version) {
        return using(
                        version,
                        """
                        tasks.scheduleAtFixedRate(this::tick, 0, 5, java.util.concurrent.TimeUnit.MILLISECONDS);
                        tasks.schedule(this::tick, 1, java.util.concurrent.TimeUnit.HOURS);
                        """)
                .jar();
    }

    /** A component that does so when it is activated, and tells on which thread its first task has run. */
    private static AnnotatedBundle using(String version, String activated) {
        return using("component", version, activated);
    }

    private static AnnotatedBundle using(String name, String version, String activated) {
        return AnnotatedBundle.stamping(
                        name,
                        version,
                        "configurationPid = \"test." + name + "\"",
                        """
                            @Reference(target = "(sluice.managed=true)")
                            java.util.concurrent.ScheduledExecutorService tasks;

                            @Activate
                            void start(Map<String, Object> configuration) throws Exception {
                                Object text = configuration.get("text");
                                stamp += (text == null ? "" : " " + text) + " on "
                                        + tasks.submit(() -> Thread.currentThread().getName()).get();
                                %s
                            }

                            private void tick() {}
                        """
                                .formatted(activated))
                .paths("/component/*");
    }

    private static byte[] plain(String version) {
        return TestBundle.of("test.plain", version)
                .header("Bundle-Activator", "fixture.Plain")
                .header("Require-Capability", "osgi.service;" + EXECUTOR_NEEDED)
                .imports("org.osgi.framework")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .imports("dev.sluice.middleware;version=\"[1.0,2)\"")
                .source(
                        "fixture.Plain",
                        """
                        package fixture;

                        import dev.sluice.middleware.Middleware;
                        import java.util.Hashtable;
                        import java.util.List;
                        import java.util.concurrent.ScheduledExecutorService;
                        import java.util.concurrent.TimeUnit;
                        import org.osgi.framework.*;

                        public final class Plain implements BundleActivator {
                            @Override
                            public void start(BundleContext context) throws Exception {
                                ServiceReference<ScheduledExecutorService> found = context.getServiceReferences(
                                        ScheduledExecutorService.class, "(sluice.managed=true)").iterator().next();
                                ScheduledExecutorService tasks = context.getService(found);
                                String stamp = context.getBundle().getVersion() + " on "
                                        + tasks.submit(() -> Thread.currentThread().getName()).get();
                                tasks.scheduleWithFixedDelay(this::tick, 0, 5, TimeUnit.MILLISECONDS);
                                Middleware middleware = (request, response, next) -> {
                                    response.setHeader("X-plain", stamp);
                                    next.proceed(request, response);
                                };
                                Hashtable<String, Object> properties = new Hashtable<>();
                                properties.put("middleware.name", "plain");
                                context.registerService(Middleware.class, middleware, properties);
                            }

                            @Override
                            public void stop(BundleContext context) {}

                            private void tick() {}
                        }
                        """)
                .jar();
    }
}
