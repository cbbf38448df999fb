package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.testing.EmptyBundle;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

class UsagesTest {

    private Framework felix;
    private Bundle bundle;
    private ServiceReference<?> service;

    @BeforeEach
    void start(@TempDir Path cache) throws Exception {
        felix = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage", cache.toString()));
        felix.start();
        service = felix.getBundleContext()
                .registerService(Runnable.class, () -> {}, null)
                .getReference();
        bundle = EmptyBundle.started(felix.getBundleContext(), "acme");
        bundle.getBundleContext().getService(service);
    }

    @AfterEach
    void stop() throws Exception {
        felix.stop();
        felix.waitForStop(10_000);
    }

    @Test
    void whatWasGivenBackIsForgotten() throws Exception {
        bundle.getBundleContext().ungetService(service);
        bundle.uninstall();
        assertThat(remembered()).as("what the framework does by itself").isTrue();

        Usages.forget(bundle);

        assertThat(remembered()).isFalse();
    }

    @Test
    void whatIsInUseIsNot() throws Exception {
        Usages.forget(bundle);

        assertThat(remembered()).isTrue();
        assertThat(service.getUsingBundles()).containsExactly(bundle);
    }

    @Test
    void anotherFrameworksBundleIsLeftAlone() {
        Bundle others = (Bundle) Proxy.newProxyInstance(
                UsagesTest.class.getClassLoader(), new Class<?>[] {Bundle.class}, (self, method, arguments) -> "acme");
        Usages.forget(others);
    }

    private boolean remembered() throws Exception {
        var registry = felix.getClass().getDeclaredField("m_registry");
        registry.setAccessible(true);
        var all = registry.get(felix).getClass().getDeclaredField("m_inUseMap");
        all.setAccessible(true);
        return ((Map<?, ?>) all.get(registry.get(felix))).containsKey(bundle);
    }
}
