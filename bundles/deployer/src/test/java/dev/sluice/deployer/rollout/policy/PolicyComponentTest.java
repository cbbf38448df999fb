package dev.sluice.deployer.rollout.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;

class PolicyComponentTest {

    private static final String PID = "dev.sluice.rollout-auth";

    private final Map<String, Map<String, String>> configured = new TreeMap<>();
    private long nanos;
    private final AtomicReference<SynchronousConfigurationListener> listener = new AtomicReference<>();

    private PolicyComponent component() {
        BundleContext context = fake(BundleContext.class, (proxy, method, arguments) -> {
            listener.set((SynchronousConfigurationListener) arguments[1]);
            return fake(ServiceRegistration.class, (registration, called, nothing) -> {
                listener.set(null);
                return null;
            });
        });
        ConfigurationAdmin admin = fake(
                ConfigurationAdmin.class,
                (proxy, method, arguments) -> configured.isEmpty()
                        ? null
                        : configured.keySet().stream().map(this::configuration).toArray(Configuration[]::new));
        return new PolicyComponent(context, admin, () -> nanos);
    }

    private Configuration configuration(String pid) {
        return fake(
                Configuration.class,
                (proxy, method, arguments) ->
                        method.getName().equals("getPid") ? pid : new Hashtable<>(configured.get(pid)));
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void tell(int type) {
        listener.get().configurationEvent(new ConfigurationEvent(fakeReference(), type, "dev.sluice.rollout", PID));
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<ConfigurationAdmin> fakeReference() {
        return fake(ServiceReference.class, (proxy, method, arguments) -> null);
    }

    private static List<Integer> steps(Policies policies) {
        return ((Choice.Chosen) policies.choose("b", List.of("auth"))).policy().steps();
    }

    @Test
    void hasWhatIsConfiguredWhenItStartsAndWhatChanges() {
        configured.put(PID, Map.of("middleware", "auth", "steps", "1,100"));
        PolicyComponent policies = component();
        assertThat(steps(policies)).containsExactly(100, 10_000);

        configured.put(PID, Map.of("middleware", "auth", "steps", "5,100"));
        tell(ConfigurationEvent.CM_UPDATED);
        assertThat(steps(policies)).containsExactly(500, 10_000);
    }

    @Test
    void keepsWhatWasInForceAndTellsWhatIsWrong() {
        configured.put(
                PID, Map.of("middleware", "auth", "steps", "1,100", "felix.fileinstall.filename", "file:/c/a.cfg"));
        PolicyComponent policies = component();
        configured.put(PID, Map.of("middleware", "auth", "steps", "2", "felix.fileinstall.filename", "file:/c/a.cfg"));
        tell(ConfigurationEvent.CM_UPDATED);

        assertThat(steps(policies)).containsExactly(100, 10_000);
        assertThat(policies.lines()).singleElement().satisfies(line -> {
            assertThat(line.file()).isEqualTo("conf/a.cfg");
            assertThat(line.refusal().orElseThrow()).contains("is \"2,100\" meant?");
        });
    }

    /** While it is told of, a configuration that is deleted may still be listed. */
    @Test
    void forgetsWhatIsDeletedAndStaysAway() {
        configured.put(PID, Map.of("middleware", "auth", "steps", "1,100"));
        PolicyComponent policies = component();
        tell(ConfigurationEvent.CM_DELETED);
        assertThat(steps(policies)).containsExactly(100, 10_000);
        nanos += PolicyBook.SETTLE_NANOS;

        assertThat(steps(policies)).containsExactly(10_000);
        assertThat(policies.lines()).isEmpty();
    }

    @Test
    void listensNoMoreOnceItIsStopped() {
        PolicyComponent policies = component();
        policies.deactivate();

        assertThat(listener.get()).isNull();
    }
}
