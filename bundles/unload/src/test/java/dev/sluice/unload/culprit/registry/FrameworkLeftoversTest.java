package dev.sluice.unload.culprit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Suspect;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;

class FrameworkLeftoversTest {

    private static final String BODY = "static final org.osgi.framework.ServiceListener L = e -> {};"
            + "static class B implements org.osgi.framework.BundleListener { public void bundleChanged(org.osgi.framework.BundleEvent e) {} }"
            + "static class S implements org.osgi.framework.SynchronousBundleListener { public void bundleChanged(org.osgi.framework.BundleEvent e) {} }"
            + "static class F implements org.osgi.framework.FrameworkListener { public void frameworkEvent(org.osgi.framework.FrameworkEvent e) {} }"
            + "static final B B = new B(); static final S S = new S(); static final F F = new F();"
            + "static org.osgi.framework.ServiceRegistration<?> s;"
            + "static org.osgi.framework.ServiceRegistration<?> p;"
            + "static class Value {}"
            + "static class Service implements Runnable { public void run() {} }"
            + "public static void leak(org.osgi.framework.BundleContext c) { c.addServiceListener(L);"
            + "c.addBundleListener(B); c.addBundleListener(S); c.addFrameworkListener(F);"
            + "s = c.registerService(Runnable.class, new Service(), null);"
            + "p = c.registerService(Object.class, new Object(), new java.util.Hashtable<>(java.util.Map.of(\"acme\", new Value()))); }"
            + "public static void undo(org.osgi.framework.BundleContext c) {"
            + "c.removeServiceListener(L); c.removeBundleListener(B); c.removeBundleListener(S); c.removeFrameworkListener(F); s.unregister(); p.unregister(); }";

    @Test
    void namesWhatIsLeftInAnothersContext(@TempDir Path cache) throws Exception {
        Framework felix = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage", cache.toString()));
        felix.start();
        try {
            var search = new FrameworkLeftovers(() -> Optional.of(felix));
            BundleContext context = felix.getBundleContext();
            FixtureLoader loader = FixtureLoader.of(BODY);
            Suspect suspect = new Suspect(loader, "acme");
            assertThat(search.search(suspect)).isEmpty();

            loader.call("leak", context);
            assertThat(search.search(new Suspect(FixtureLoader.of(BODY), "other")))
                    .isEmpty();
            assertThat(search.search(suspect))
                    .allMatch(one -> one.culprit().kind() == Kind.FRAMEWORK
                            && one.cleaning().isEmpty());
            assertThat(search.search(suspect))
                    .extracting(one -> one.culprit())
                    .extracting(Culprit::what)
                    .anyMatch(what -> what.startsWith("listener a lambda of acme.Fixture in the context of"))
                    .anyMatch(what -> what.startsWith("listener acme.Fixture$B in the context of"))
                    .anyMatch(what -> what.startsWith("listener acme.Fixture$S in the context of"))
                    .anyMatch(what -> what.startsWith("listener acme.Fixture$F in the context of"))
                    .anyMatch(what -> what.startsWith(
                            "service acme.Fixture$Service in the context of org.apache.felix.framework [0]"))
                    .anyMatch(what -> what.startsWith("property \"acme\""))
                    .hasSize(6);

            loader.call("undo", context);
            assertThat(search.search(suspect)).isEmpty();
        } finally {
            felix.stop();
            felix.waitForStop(10_000);
        }
    }
}
