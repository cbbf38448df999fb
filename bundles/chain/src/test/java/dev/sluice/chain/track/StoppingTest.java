package dev.sluice.chain.track;

import static dev.sluice.chain.track.ChainInFramework.properties;
import static dev.sluice.chain.track.ChainInFramework.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.Operator;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.OsgiFramework;
import dev.sluice.chain.track.ChainInFramework.Stay;
import dev.sluice.middleware.Middleware;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;

/** What happens to places and requests when a bundle stops, is updated or goes, or the container does. */
@Timeout(60)
class StoppingTest {

    @TempDir
    Path storage;

    private ChainInFramework chain;

    private void start(String inplaceDrainTimeout) throws Exception {
        chain = new ChainInFramework(storage, inplaceDrainTimeout);
    }

    @AfterEach
    void stop() throws Exception {
        chain.close();
    }

    private static CompletableFuture<Void> async(Callable<?> action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                action.call();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        thread.start();
        return done;
    }

    private static CompletableFuture<Void> stopping(Bundle bundle) {
        return async(() -> {
            bundle.stop();
            return null;
        });
    }

    /** For a moment only: what must not happen can't be waited for. */
    private static void isStillRunning(CompletableFuture<?> future) {
        assertThatThrownBy(() -> future.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static void done(CompletableFuture<?> future) throws Exception {
        future.get(20, TimeUnit.SECONDS);
    }

    // ---- facts about the framework

    @Test
    void aBundleIsNoLongerPersistentlyStartedAtStoppingUnlessItIsUpdated() throws Exception {
        start("1m");
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        chain.framework.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING
                    && event.getBundle().getSymbolicName().startsWith("x")) {
                seen.add(event.getBundle().getSymbolicName() + " "
                        + event.getBundle().adapt(BundleStartLevel.class).isPersistentlyStarted() + " "
                        + (event.getBundle().getState() == Bundle.STOPPING));
            }
        });
        chain.framework.start("x.stop", "1.0.0").stop();
        chain.framework.start("x.transient", "1.0.0").stop(Bundle.STOP_TRANSIENT);
        chain.framework.start("x.update", "1.0.0").update(OsgiFramework.jar("x.update", "1.0.1"));
        chain.framework.start("x.uninstall", "1.0.0").uninstall();
        assertThat(seen)
                .containsExactly(
                        "x.stop false true", "x.transient true true", "x.update true true", "x.uninstall false true");
    }

    @Test
    void theContainersStopDrainsBeforeAnyBundleStops() throws Exception {
        start("1m");
        Stay stay = new Stay();
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        chain.framework.onStart("m", context -> register(context, stay, properties("m")));
        chain.framework.onStop("m", context -> events.add("m stopped"));
        chain.framework.start("m", "1.0.0");
        CompletableFuture<Exchange> request = chain.stay(stay, "/");
        CompletableFuture<Void> stopped = async(() -> {
            chain.framework.stop();
            return null;
        });
        while (!chain.chain.view().stopping() || chain.chain.view().open()) {
            Thread.onSpinWait();
        }
        assertThat(chain.request("/").status()).isEqualTo(503);
        isStillRunning(stopped);
        assertThat(events).isEmpty();
        stay.go.countDown();
        done(request);
        done(stopped);
        assertThat(events).containsExactly("m stopped");
    }

    // ---- who removes

    @Test
    void aStopByAnybodyKeepsThePlaceAndClosesIt() throws Exception {
        start("1m");
        Bundle bundle = chain.installed("m", "1.0.0", "m");
        bundle.start();
        bundle.stop();
        assertThat(chain.request("/").status()).isEqualTo(503);
        bundle.start();
        assertThat(chain.request("/").headers).containsEntry("m", "1.0.0");
        bundle.uninstall();
        assertThat(chain.request("/").status()).isEqualTo(503);
    }

    @Test
    void aStopByAnOperatorRemoves() throws Exception {
        start("1m");
        Bundle bundle = chain.installed("m", "1.0.0", "m");
        bundle.start();
        try (Operator.Mark operator = Operator.mark("admin")) {
            assertThat(operator).isNotNull();
            bundle.stop();
        }
        assertThat(Operator.current()).isEmpty();
        assertThat(chain.places()).isEmpty();
        assertThat(chain.request("/").status()).isEqualTo(200);
    }

    @Test
    void anUninstallationByAnOperatorRemovesWhatServesAndWhatIsAway() throws Exception {
        start("1m");
        Bundle serves = chain.installed("a", "1.0.0", "a");
        Bundle away = chain.installed("b", "1.0.0", "b");
        serves.start();
        away.start();
        away.stop();
        try (Operator.Mark operator = Operator.mark("admin")) {
            assertThat(operator).isNotNull();
            serves.uninstall();
            away.uninstall();
        }
        assertThat(chain.places()).isEmpty();
    }

    @Test
    void anUpdateByAnOperatorRemovesNothing() throws Exception {
        start("1m");
        Bundle bundle = chain.installed("m", "1.0.0", "m");
        bundle.start();
        List<Boolean> held = new ArrayList<>();
        chain.framework.onStop("m", context -> held.add(chain.places().get(0).held()));
        try (Operator.Mark operator = Operator.mark("admin")) {
            assertThat(operator).isNotNull();
            bundle.update(OsgiFramework.jar("m", "1.1.0"));
        }
        assertThat(held).containsExactly(true);
        assertThat(chain.request("/").headers).containsEntry("m", "1.1.0");
        assertThat(chain.places()).hasSize(1);
    }

    /** A component whose reference goes is deactivated on the operator's thread, though its own bundle stays. */
    @Test
    void anOperatorWhoStopsAnotherBundleRemovesNothingThatDependsOnIt() throws Exception {
        start("1m");
        Bundle auth = chain.framework.start("auth", "1.0.0");
        ServiceRegistration<Middleware> registration = register(auth.getBundleContext(), "auth");
        chain.framework.onStop("database", context -> registration.unregister());
        Bundle database = chain.framework.start("database", "1.0.0");
        try (Operator.Mark operator = Operator.mark("admin")) {
            assertThat(operator).isNotNull();
            database.stop();
        }
        assertThat(chain.request("/").status()).isEqualTo(503);
    }

    /** The thread is the operator's, but what he has asked for is the stop of another bundle. */
    @Test
    void aBundleThatAnOperatorStopsOrStartsRemovesNoOther() throws Exception {
        start("1m");
        Bundle auth = chain.installed("auth", "1.0.0", "auth");
        auth.start();
        chain.framework.onStop("meddler", context -> quietly(auth::stop));
        Bundle meddler = chain.framework.start("meddler", "1.0.0");
        try (Operator.Mark operator = ChainInFramework.operator()) {
            assertThat(operator).isNotNull();
            meddler.stop();
        }
        assertThat(chain.request("/").status()).isEqualTo(503);
        auth.start();
        chain.framework.onStart("meddler", context -> quietly(auth::uninstall));
        try (Operator.Mark operator = ChainInFramework.operator()) {
            assertThat(operator).isNotNull();
            meddler.start();
        }
        assertThat(chain.request("/").status()).isEqualTo(503);
    }

    private interface Doing {
        void run() throws Exception;
    }

    private static void quietly(Doing doing) {
        try {
            doing.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- drains

    @Test
    void aStopWaitsForRequestsBeforeTheActivatorIsCalled() throws Exception {
        start("1m");
        Stay stay = new Stay();
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        chain.framework.onStop("m", context -> events.add("activator"));
        Bundle bundle = chain.framework.start("m", "1.0.0");
        register(bundle.getBundleContext(), stay, properties("m"));
        CompletableFuture<Exchange> request = chain.stay(stay, "/");
        request.thenRun(() -> events.add("request"));
        CompletableFuture<Void> stopped = stopping(bundle);
        // Before that it would be let in, and stay.
        until(() -> chain.places().get(0).held());
        isStillRunning(stopped);
        CompletableFuture<Exchange> held = CompletableFuture.supplyAsync(() -> chain.request("/"));
        until(() -> chain.chain.view().held() == 1);
        assertThat(events).isEmpty();
        stay.go.countDown();
        done(stopped);
        done(request);
        done(held);
        assertThat(held.get().status()).as("new requests").isEqualTo(503);
        assertThat(events).contains("activator", "request");
        assertThat(chain.chain.view().inFlight()).isZero();
    }

    @Test
    void anUnregistrationWaitsForRequestsButNotLongerThanTheTimeout() throws Exception {
        start("300ms");
        Stay stay = new Stay();
        Bundle bundle = chain.framework.start("m", "1.0.0");
        ServiceRegistration<Middleware> registration = register(bundle.getBundleContext(), stay, properties("m"));
        CompletableFuture<Exchange> request = chain.stay(stay, "/");
        long before = System.nanoTime();
        registration.unregister();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(request).isNotDone();
        long again = System.nanoTime();
        bundle.stop();
        assertThat(System.nanoTime() - again)
                .as("nobody waits a second time")
                .isLessThan(TimeUnit.MILLISECONDS.toNanos(300));
        stay.go.countDown();
        done(request);
    }

    /** One component is re-activated on its own thread, and its drain is under way: the bundle must not stop under it. */
    @Test
    void aStopWaitsForTheDrainThatAnotherThreadIsIn() throws Exception {
        start("1m");
        Stay stay = new Stay();
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        chain.framework.onStop("m", context -> events.add("activator"));
        Bundle bundle = chain.framework.start("m", "1.0.0");
        ServiceRegistration<Middleware> registration = register(bundle.getBundleContext(), stay, properties("m"));
        CompletableFuture<Exchange> request = chain.stay(stay, "/");
        CompletableFuture<Void> unregistered = async(() -> {
            registration.unregister();
            return null;
        });
        while (chain.places().get(0).serving().isPresent()) {
            Thread.onSpinWait();
        }
        isStillRunning(unregistered);
        CompletableFuture<Void> stopped = stopping(bundle);
        isStillRunning(stopped);
        assertThat(events).isEmpty();
        stay.go.countDown();
        done(unregistered);
        done(stopped);
        done(request);
    }

    @Test
    void reactivatingOneComponentNeitherWaitsForNorHarmsAnother() throws Exception {
        start("200ms");
        Stay stay = new Stay();
        Bundle bundle = chain.framework.start("m", "1.0.0");
        register(bundle.getBundleContext(), stay, properties("stays", "middleware.paths", "/stays"));
        ServiceRegistration<Middleware> other =
                register(bundle.getBundleContext(), "other", "middleware.paths", "/other");
        CompletableFuture<Exchange> request = chain.stay(stay, "/stays");
        long before = System.nanoTime();
        other.unregister();
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
        stay.go.countDown();
        done(request);
        assertThat(chain.request("/stays").status()).isEqualTo(200);
    }

    @Test
    void aRequestThatStopsItsOwnBundleComesToNoOtherUnitOfIt() throws Exception {
        start("1m");
        Bundle bundle = chain.framework.start("m", "1.0.0");
        register(
                bundle.getBundleContext(),
                (request, response, next) -> {
                    try {
                        bundle.stop();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    next.proceed(request, response);
                },
                properties("first"));
        register(
                bundle.getBundleContext(),
                (request, response, next) -> response.setHeader("second", "ran"),
                properties("second"));
        var answer = chain.request("/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers).doesNotContainKey("second");
    }

    @Test
    void aRequestThatStopsItsOwnBundleDoesNotWaitForItself() throws Exception {
        start("1m");
        Bundle bundle = chain.framework.start("m", "1.0.0");
        register(
                bundle.getBundleContext(),
                (request, response, next) -> {
                    try {
                        bundle.stop();
                        response.setHeader("stopped", "yes");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                properties("m"));
        assertThat(chain.request("/").headers).containsEntry("stopped", "yes");
        assertThat(chain.request("/").status()).isEqualTo(503);
    }

    /** What a deployer hangs on a drain may stop bundles, on whatever thread the drain ends. */
    @Test
    void aBundleMayBeStoppedOnTheThreadThatEndsADrain() throws Exception {
        start("300ms");
        Stay first = new Stay();
        Stay second = new Stay();
        Bundle one = chain.framework.start("one", "1.0.0");
        Bundle two = chain.framework.start("two", "1.0.0");
        register(one.getBundleContext(), first, properties("one", "middleware.paths", "/one"));
        register(two.getBundleContext(), second, properties("two", "middleware.paths", "/two"));
        CompletableFuture<Exchange> onOne = chain.stay(first, "/one");
        CompletableFuture<Exchange> onTwo = chain.stay(second, "/two");
        chain.control().publish(Set.of(), Set.of(one.getBundleId()), "retire");
        CompletableFuture<Void> stopped = chain.control()
                .drain(one.getBundleId(), Duration.ofMinutes(1))
                .thenAccept(outcome -> {
                    try {
                        two.stop();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        first.go.countDown();
        done(stopped);
        second.go.countDown();
        done(onOne);
        done(onTwo);
    }

    @Test
    void aProbeThatHangsHoldsUpNeitherTheStopOfItsBundleNorOthers() throws Exception {
        start("1m");
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Bundle bundle = chain.framework.install("hangs", "1.0.0");
        var claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        ServiceFactory<Middleware> factory = new ServiceFactory<>() {
            @Override
            public Middleware getService(Bundle by, ServiceRegistration<Middleware> registration) {
                hanging.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return (request, response, next) -> {};
            }

            @Override
            public void ungetService(Bundle by, ServiceRegistration<Middleware> registration, Middleware service) {}
        };
        bundle.getBundleContext().registerService(Middleware.class, factory, properties("hangs"));
        CompletableFuture<Void> probe = async(claim::probe);
        hanging.await();
        Bundle other = chain.installed("other", "1.0.0", "other");
        other.start();
        assertThat(chain.request("/").headers).containsKey("other");
        done(stopping(bundle));
        claim.close();
        other.stop();
        go.countDown();
        done(probe);
        assertThat(chain.places()).extracting(place -> place.name()).containsExactly("other");
    }

    @Test
    void theChainsOwnStopWaitsForItsRequests() throws Exception {
        start("1m");
        Stay stay = new Stay();
        Bundle bundle = chain.framework.start("m", "1.0.0");
        register(bundle.getBundleContext(), stay, properties("m"));
        CompletableFuture<Exchange> request = chain.stay(stay, "/");
        CompletableFuture<Void> deactivated = async(() -> {
            chain.chain.deactivate();
            return null;
        });
        isStillRunning(deactivated);
        stay.go.countDown();
        done(deactivated);
        done(request);
        assertThat(chain.framework.context().getServiceReference("org.osgi.service.condition.Condition"))
                .satisfiesAnyOf(none -> assertThat(none).isNull(), another -> assertThat(
                                another.getProperties().get("osgi.condition.id"))
                        .isNotEqualTo("dev.sluice.chain.open"));
    }
}
