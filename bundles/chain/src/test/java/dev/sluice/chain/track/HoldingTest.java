package dev.sluice.chain.track;

import static dev.sluice.chain.track.ChainInFramework.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.Operator;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.middleware.Middleware;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** What requests see while a middleware is away and may come back. */
class HoldingTest {

    @TempDir
    Path storage;

    private ChainInFramework chain;

    private void start(String holdTimeout) throws Exception {
        chain = ChainInFramework.holding(storage, holdTimeout, 3);
    }

    @AfterEach
    void stop() throws Exception {
        chain.close();
    }

    private CompletableFuture<Exchange> waiting(String path, int held) {
        CompletableFuture<Exchange> request = inBackground(() -> chain.request(path));
        until(() -> chain.chain.view().held() == held || request.isDone());
        assertThat(request).isNotDone();
        return request;
    }

    private static <T> CompletableFuture<T> inBackground(Supplier<T> action) {
        return CompletableFuture.supplyAsync(action, task -> new Thread(task).start());
    }

    private static void until(Supplier<Boolean> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.get()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static Exchange answer(CompletableFuture<Exchange> request) throws Exception {
        return request.get(20, TimeUnit.SECONDS);
    }

    private Bundle started(String version) throws Exception {
        Bundle bundle = chain.installed("m", version, "m");
        bundle.start();
        return bundle;
    }

    @Test
    void aRequestWaitsForTheBundleThatIsRestartedAndRunsThroughIt() throws Exception {
        start("1m");
        Bundle bundle = started("1.0.0");
        bundle.stop();
        CompletableFuture<Exchange> request = waiting("/", 1);
        assertThat(chain.places().get(0).held()).isTrue();
        assertThat(chain.places().get(0).blocks()).isFalse();
        bundle.start();
        assertThat(answer(request).headers).containsEntry("m", "1.0.0");
        until(() -> chain.chain.view().held() == 0);
    }

    @Test
    void aRequestWaitsForAServiceThatIsRegisteredAgain() throws Exception {
        start("1m");
        Bundle bundle = chain.framework.start("m", "1.0.0");
        ServiceRegistration<Middleware> registration = register(bundle.getBundleContext(), "m");
        registration.unregister();
        CompletableFuture<Exchange> request = waiting("/", 1);
        register(bundle.getBundleContext(), "m");
        assertThat(answer(request).headers).containsEntry("m", "1.0.0");
    }

    @Test
    void requestsBeyondTheLimitAreAnsweredAndOthersAreNotDelayed() throws Exception {
        start("1m");
        Bundle bundle = chain.framework.start("m", "1.0.0");
        ServiceRegistration<Middleware> registration =
                register(bundle.getBundleContext(), "m", "middleware.paths", "/held/*");
        registration.unregister();
        List<CompletableFuture<Exchange>> held = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            held.add(waiting("/held/" + i, i));
        }
        Exchange refused = chain.request("/held/4");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers).containsEntry("Retry-After", "1");
        assertThat(chain.request("/free").status()).isEqualTo(200);
        register(bundle.getBundleContext(), "m", "middleware.paths", "/held/*");
        for (CompletableFuture<Exchange> request : held) {
            assertThat(answer(request).headers).containsEntry("m", "1.0.0");
        }
    }

    @Test
    void aBundleThatIsActiveWithoutItEndsTheHold() throws Exception {
        start("1m");
        Bundle bundle = chain.framework.start("m", "1.0.0");
        register(bundle.getBundleContext(), "m");
        bundle.stop();
        CompletableFuture<Exchange> request = waiting("/", 1);
        bundle.start();
        assertThat(answer(request).status()).isEqualTo(503);
        assertThat(chain.request("/").status()).isEqualTo(503);
    }

    @Test
    void whatAListenerOfTheStartRegistersCountsAsBroughtByTheStart() throws Exception {
        start("1m");
        Bundle bundle = chain.framework.start("m", "1.0.0");
        register(bundle.getBundleContext(), "m");
        bundle.stop();
        chain.framework.context().addBundleListener((org.osgi.framework.SynchronousBundleListener) event -> {
            if (event.getBundle() == bundle && event.getType() == org.osgi.framework.BundleEvent.STARTED) {
                register(bundle.getBundleContext(), "m");
            }
        });
        CompletableFuture<Exchange> request = waiting("/", 1);
        bundle.start();
        assertThat(answer(request).headers).containsEntry("m", "1.0.0");
    }

    @Test
    void aStandbyServesWhenTheBundleIsUninstalled() throws Exception {
        start("1m");
        started("1.0.0");
        Bundle second = started("2.0.0");
        second.stop();
        CompletableFuture<Exchange> request = waiting("/", 1);
        second.uninstall();
        assertThat(answer(request).headers).containsEntry("m", "1.0.0");
    }

    @Test
    void theReturnOfAStandbyDoesNotEndTheHoldOfAHigherVersion() throws Exception {
        start("1m");
        Bundle first = started("1.0.0");
        Bundle second = started("2.0.0");
        second.stop();
        first.stop();
        CompletableFuture<Exchange> request = waiting("/", 1);
        first.start();
        until(() -> chain.places().get(0).standbys().size() == 1);
        assertThat(request).isNotDone();
        second.start();
        assertThat(answer(request).headers).containsEntry("m", "2.0.0");
    }

    @Test
    void afterTheTimeoutAFailClosedPlaceRefusesAndAFailOpenOnePasses() throws Exception {
        start("100ms");
        Bundle bundle = chain.framework.start("m", "1.0.0");
        register(bundle.getBundleContext(), "closed", "middleware.paths", "/closed");
        register(bundle.getBundleContext(), "open", "middleware.paths", "/open", "middleware.on.failure", "open");
        bundle.stop();
        assertThat(chain.request("/closed").status()).isEqualTo(503);
        Exchange passed = chain.request("/open");
        assertThat(passed.status()).isEqualTo(200);
        assertThat(passed.headers).doesNotContainKey("open");
        until(() -> chain.chain.view().held() == 0);
    }

    @Test
    void anOperatorWhoUninstallsWhatIsHeldLetsRequestsPass() throws Exception {
        start("1m");
        Bundle bundle = started("1.0.0");
        bundle.stop();
        CompletableFuture<Exchange> request = waiting("/", 1);
        try (Operator.Mark operator = Operator.mark("admin")) {
            assertThat(operator).isNotNull();
            bundle.uninstall();
        }
        assertThat(answer(request).status()).isEqualTo(200);
        assertThat(chain.places()).isEmpty();
    }

    @Test
    void theContainersStopEndsEveryWait() throws Exception {
        start("1m");
        started("1.0.0").stop();
        CompletableFuture<Exchange> request = waiting("/", 1);
        chain.framework.stop();
        assertThat(answer(request).status()).isEqualTo(503);
    }

    @Test
    void anInterruptDoesNotLetAHeldRequestPass() throws Exception {
        start("1m");
        Bundle bundle = started("1.0.0");
        bundle.stop();
        CompletableFuture<Exchange> request = new CompletableFuture<>();
        Thread thread = new Thread(() -> request.complete(chain.request("/")));
        thread.start();
        until(() -> chain.chain.view().held() == 1);
        thread.interrupt();
        assertThatThrownBy(() -> request.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        bundle.start();
        assertThat(answer(request).headers).containsEntry("m", "1.0.0");
    }

    /** Every order of going, coming, events and requests that a few hundred restarts give. */
    @Test
    void restartsUnderLoadFailAndBypassNoRequest() throws Exception {
        chain = ChainInFramework.holding(storage, "20s", 1000);
        Bundle bundle = started("1.0.0");
        AtomicBoolean running = new AtomicBoolean(true);
        var clients = Executors.newFixedThreadPool(3);
        List<CompletableFuture<Integer>> loads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            loads.add(CompletableFuture.supplyAsync(
                    () -> {
                        int answered = 0;
                        while (running.get()) {
                            Exchange exchange = chain.request("/");
                            assertThat(exchange.status()).isEqualTo(200);
                            assertThat(exchange.headers).containsKey("m");
                            answered++;
                        }
                        return answered;
                    },
                    clients));
        }
        try {
            for (int i = 0; i < 300; i++) {
                bundle.stop(i % 2 == 0 ? Bundle.STOP_TRANSIENT : 0);
                bundle.start();
            }
        } finally {
            running.set(false);
            clients.shutdown();
        }
        for (CompletableFuture<Integer> load : loads) {
            assertThat(load.get(20, TimeUnit.SECONDS)).isPositive();
        }
    }

    // ---- required

    private void require(String names) {
        chain.chain.modified(ChainInFramework.configuration("1m", "0s", "3", names), Map.of());
    }

    @Test
    void whatIsRequiredKeepsEverythingClosedUntilItIsThere() throws Exception {
        start("0s");
        require("m, other");
        assertThat(chain.request("/").status()).isEqualTo(503);
        started("1.0.0");
        assertThat(chain.request("/").status()).isEqualTo(503);
        require("m");
        assertThat(chain.request("/").headers).containsEntry("m", "1.0.0");
    }

    @Test
    void whatIsRequiredIsMissedOnThePathsThatAnOverrideGives() throws Exception {
        start("0s");
        require("m");
        chain.overrides.write("m", "name", "m", "paths", "/api/*");
        assertThat(chain.request("/api/x").status()).isEqualTo(503);
        assertThat(chain.request("/").status()).isEqualTo(200);
    }

    @Test
    void whatIsRequiredStaysClosedWhenAnOperatorRemovesOrDisablesItAndWhenItIsFailOpen() throws Exception {
        start("0s");
        require("m");
        Bundle bundle = chain.framework.start("m", "1.0.0");
        ServiceRegistration<Middleware> open =
                register(bundle.getBundleContext(), "m", "middleware.on.failure", "open");
        assertThat(chain.request("/").status()).isEqualTo(200);
        chain.overrides.write("m", "name", "m", "enabled", "false");
        assertThat(chain.request("/").status()).isEqualTo(503);
        chain.overrides.delete("m");
        open.unregister();
        assertThat(chain.request("/").status()).isEqualTo(503);
        try (Operator.Mark operator = Operator.mark("admin")) {
            assertThat(operator).isNotNull();
            bundle.uninstall();
        }
        assertThat(chain.request("/").status()).isEqualTo(503);
    }
}
