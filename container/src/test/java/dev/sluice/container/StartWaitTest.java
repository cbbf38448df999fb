package dev.sluice.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;

@Timeout(30)
class StartWaitTest {

    private final Listeners listeners = Listeners.of(fake(BundleContext.class, Map.of()));
    private final CompletableFuture<Void> bundles = new CompletableFuture<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private CompletableFuture<Void> await(Duration patience) {
        StartWait wait = new StartWait(listeners, bundles, said::add);
        return CompletableFuture.runAsync(() -> {
            try {
                wait.await(patience, awaited -> "here");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void a_start_of_the_bundles_that_takes_long_is_said_while_it_lasts() throws Exception {
        CompletableFuture<Void> ready = await(Duration.ofMillis(-1));

        assertThat(said.poll(20, TimeUnit.SECONDS))
                .isEqualTo(
                        "Not ready yet: still waiting for the container's own bundles to start, and then for the data"
                                + " and the admin listener. Look here");
        open("sluice-data");
        open("sluice-admin");
        assertThat(ready).as("the bundles are still starting").isNotDone();
        bundles.complete(null);
        ready.get();
    }

    @Test
    void a_listener_that_takes_long_is_said() throws Exception {
        bundles.complete(null);
        open("sluice-admin");
        CompletableFuture<Void> ready = await(Duration.ZERO);

        assertThat(said.poll(20, TimeUnit.SECONDS)).contains("waiting for the data listener");
        open("sluice-data");
        ready.get();
    }

    @Test
    void nothing_is_said_of_a_start_that_is_quick() throws Exception {
        bundles.complete(null);
        open("sluice-data");
        open("sluice-admin");

        await(Duration.ofSeconds(10)).get();

        assertThat(said).isEmpty();
    }

    private void open(String name) {
        Map<String, Object> properties = Map.of("org.apache.felix.http.name", name, "org.osgi.service.http.port", 8080);
        ServiceReference<?> runtime = fake(ServiceReference.class, properties);
        listeners.serviceChanged(new ServiceEvent(ServiceEvent.REGISTERED, runtime));
    }

    private static <T> T fake(Class<T> type, Map<String, Object> properties) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) ->
                        method.getName().equals("getProperty") ? properties.get(arguments[0]) : null));
    }
}
