package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Jvm;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.time.Duration;
import java.util.List;
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
        });
        assertThat(sluice.log()).doesNotContain("go on although interrupted");
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
                        client.get(sluice.data("/")).headers().allValues(name))
                .isEqualTo(List.of(value)));
    }

    private static byte[] component(String version) {
        return AnnotatedBundle.stamping(
                        "component",
                        version,
                        "",
                        """
                            @Reference(target = "(sluice.managed=true)")
                            java.util.concurrent.ScheduledExecutorService tasks;

                            @Activate
                            void start() throws Exception {
                                stamp += " on " + tasks.submit(() -> Thread.currentThread().getName()).get();
                                tasks.scheduleAtFixedRate(this::tick, 0, 5, java.util.concurrent.TimeUnit.MILLISECONDS);
                                tasks.schedule(this::tick, 1, java.util.concurrent.TimeUnit.HOURS);
                            }

                            private void tick() {}
                        """)
                .jar();
    }

    private static byte[] plain(String version) {
        return TestBundle.of("test.plain", version)
                .header("Bundle-Activator", "fixture.Plain")
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
