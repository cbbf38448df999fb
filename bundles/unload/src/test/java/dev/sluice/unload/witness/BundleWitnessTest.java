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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

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

        assertThat(inbox.take().left()).extracting(Left::symbolicName).containsExactly("acme.first", "acme.second");
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

        assertThat(inbox.take().left()).singleElement().satisfies(left -> assertThat(left.departure())
                .contains(departure));
    }

    @Test
    void nothingIsKeptOfWhatAnotherHasUninstalledMeanwhile() throws Exception {
        Bundle bundle = started("acme");
        bundle.uninstall();
        assertThat(Gone.within(Duration.ofSeconds(10), told(bundle.getBundleId())))
                .isTrue();
    }

    @Test
    void theRequestsInItHoldItUntilTheyAreOverThoseToldLaterToo() throws Exception {
        Bundle bundle = started("acme");
        Runnable first = witness.requestsIn(bundle.getBundleId(), List.of("GET /first"));
        Runnable second = witness.requestsIn(bundle.getBundleId(), List.of("GET /first", "GET /second"));
        first.run();
        bundle.uninstall();

        Left left = inbox.take().left().get(0);
        assertThat(left.users().names()).containsExactly("request GET /first", "request GET /second");
        second.run();
        assertThat(left.users().requests().open()).isEmpty();
    }

    /** Nothing but what was noted when it stopped leads to its class loader by then. */
    @Test
    void whatIsRefreshedIsSeen() throws Exception {
        Bundle bundle = started("acme");
        CountDownLatch refreshed = new CountDownLatch(1);
        ClassLoader before = bundle.adapt(BundleWiring.class).getClassLoader();
        felix.adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), event -> refreshed.countDown());
        assertThat(refreshed.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(inbox.take().left())
                .singleElement()
                .satisfies(left -> assertThat(left.watched().refersTo(before)).isTrue());
    }

    private WeakReference<Departure> told(long bundleId) {
        Departure departure = departure();
        witness.leaving(bundleId, departure);
        return new WeakReference<>(departure);
    }

    private static Departure departure() {
        return new Departure("auth.jar", "ab", List.of("auth"));
    }

    private Bundle started(String name) throws Exception {
        Bundle bundle = EmptyBundle.started(felix.getBundleContext(), name);
        // Felix makes one only once it is asked for.
        bundle.adapt(BundleWiring.class).getClassLoader();
        return bundle;
    }
}
