package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Departure;
import dev.sluice.unload.testing.EmptyBundle;
import dev.sluice.unload.testing.Gone;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;

class BundleWitnessTest {

    private final Inbox inbox = new Inbox(() -> Instant.EPOCH, System::nanoTime);
    private Framework felix;
    private BundleWitness witness;

    @BeforeEach
    void start(@TempDir Path cache) throws Exception {
        felix = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage", cache.toString()));
        felix.start();
        BundleContext context = felix.getBundleContext();
        witness = new BundleWitness(inbox, -1, id -> context.getBundle(id) != null);
        context.addBundleListener(witness);
    }

    @AfterEach
    void stop() throws Exception {
        felix.stop();
        felix.waitForStop(10_000);
    }

    @Test
    void whatOneWasDeployedAsIsToldWithItAndItsNumberIsGreater() throws Exception {
        started("acme.first").uninstall();
        Bundle second = started("acme.second");
        Departure departure = departure();
        long last = witness.leaving(second.getBundleId(), departure);
        second.uninstall();

        assertThat(inbox.take()).extracting(Left::symbolicName).containsExactly("acme.first", "acme.second");
        assertThat(last).isEqualTo(1);
        assertThat(inbox.last()).isEqualTo(2);
    }

    @Test
    void whatStayedAsItCouldNotBeUninstalledIsKnownWhenSomebodyElseDoesIt() throws Exception {
        Bundle bundle = started("acme");
        Departure departure = departure();
        witness.leaving(bundle.getBundleId(), departure);
        bundle.stop();
        bundle.start();
        bundle.uninstall();

        assertThat(inbox.take()).singleElement().satisfies(left -> assertThat(left.departure())
                .contains(departure));
    }

    @Test
    void nothingIsKeptOfWhatAnotherHasUninstalledMeanwhile() throws Exception {
        Bundle bundle = started("acme");
        bundle.uninstall();
        assertThat(Gone.within(Duration.ofSeconds(10), told(bundle.getBundleId())))
                .isTrue();
    }

    private WeakReference<Departure> told(long bundleId) {
        Departure departure = departure();
        witness.leaving(bundleId, departure);
        return new WeakReference<>(departure);
    }

    private static Departure departure() {
        return new Departure("auth.jar", "ab", List.of("auth"), List.of("GET /events"));
    }

    private Bundle started(String name) throws Exception {
        Bundle bundle = EmptyBundle.started(felix.getBundleContext(), name);
        // Felix makes one only once it is asked for.
        bundle.adapt(BundleWiring.class).getClassLoader();
        return bundle;
    }
}
