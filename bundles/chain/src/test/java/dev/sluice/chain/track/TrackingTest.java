package dev.sluice.chain.track;

import static dev.sluice.chain.track.ChainInFramework.properties;
import static dev.sluice.chain.track.ChainInFramework.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.Claim;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.ProbeResult;
import dev.sluice.chain.ProbeResult.Ready;
import dev.sluice.chain.ProbeResult.Reason;
import dev.sluice.chain.ProbeResult.Refused;
import dev.sluice.chain.ReservedPlace;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.middleware.Middleware;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

@Timeout(60)
class TrackingTest {

    @TempDir
    Path storage;

    private ChainInFramework chain;

    @BeforeEach
    void start() throws Exception {
        chain = new ChainInFramework(storage, "1m");
    }

    @AfterEach
    void stop() throws Exception {
        chain.close();
    }

    private Bundle bundle(String symbolicName) throws Exception {
        return chain.framework.start(symbolicName, "1.0.0");
    }

    private PlaceView place(String name) {
        return chain.places().stream()
                .filter(place -> place.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void servesAtOnceWhatNobodyHasClaimed() throws Exception {
        register(bundle("a").getBundleContext(), "greet", "middleware.paths", new String[] {"/a/*", "*.x"});
        assertThat(chain.request("/a/1").headers).containsEntry("greet", "1.0.0");
        assertThat(chain.request("/b").headers).doesNotContainKey("greet");
        assertThat(place("greet").paths()).containsExactly("/a/*", "*.x");
        assertThat(place("greet").onFailure()).isEqualTo(FailureMode.CLOSED);
        assertThat(place("greet").owner()).isEqualTo("a");
    }

    @Test
    void servesWhatIsClaimedOnlyWhenItIsPublishedAndThenInOneGeneration() throws Exception {
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        CompletableFuture<Void> both = claim.registered(Set.of("one", "two"));
        register(bundle.getBundleContext(), "one");
        assertThat(both).isNotDone();
        register(bundle.getBundleContext(), "two");
        assertThat(both).isCompleted();
        assertThat(claim.probe()).hasSize(2).allMatch(Ready.class::isInstance);
        assertThat(chain.request("/").headers).doesNotContainKeys("one", "two");
        assertThat(chain.chain.view().others()).extracting(UnitView::state).containsOnly(UnitState.CANDIDATE);
        long before = chain.chain.view().generation();
        assertThat(chain.control().publish(Set.of(bundle.getBundleId()), Set.of(), "test"))
                .isEqualTo(before + 1);
        assertThat(chain.chain.view().generation()).isEqualTo(before + 1);
        assertThat(chain.request("/").headers).containsKeys("one", "two");
    }

    /** Between probe and publication others may take their time: what has gone meanwhile must not take the old one along. */
    @Test
    void publishesNothingOfABundleThatLostWhatWasProbed() throws Exception {
        Bundle one = bundle("a");
        register(one.getBundleContext(), "m");
        Bundle two = chain.framework.install("a", "2.0.0");
        Claim claim = chain.control().claim(two.getBundleId());
        two.start();
        ServiceRegistration<?> candidate = register(two.getBundleContext(), "m");
        claim.probe();
        candidate.unregister();
        Set<Long> publish = Set.of(two.getBundleId());
        Set<Long> retire = Set.of(one.getBundleId());
        assertThatThrownBy(() -> chain.control().publish(publish, retire, "swap"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"m\"");
        assertThat(chain.request("/").headers).containsEntry("m", "1.0.0");
        register(two.getBundleContext(), "m");
        assertThatThrownBy(() -> chain.control().publish(publish, retire, "swap"))
                .as("another service of that name was not probed")
                .isInstanceOf(IllegalStateException.class);
        claim.probe();
        chain.control().publish(publish, retire, "swap");
        assertThat(chain.request("/").headers).containsEntry("m", "2.0.0");
    }

    @Test
    void swapsVersionsInOneGeneration() throws Exception {
        Bundle one = bundle("a");
        register(one.getBundleContext(), "m");
        Bundle two = chain.framework.install("a", "2.0.0");
        Claim claim = chain.control().claim(two.getBundleId());
        two.start();
        register(two.getBundleContext(), "m");
        claim.probe();
        long before = chain.chain.view().generation();
        chain.control().publish(Set.of(two.getBundleId()), Set.of(one.getBundleId()), "swap");
        assertThat(chain.chain.view().generation()).isEqualTo(before + 1);
        assertThat(chain.request("/").headers).containsEntry("m", "2.0.0");
        assertThat(chain.control().drain(one.getBundleId(), Duration.ofMinutes(1)))
                .isCompleted();
        one.stop();
        one.uninstall();
        assertThat(chain.request("/").headers).containsEntry("m", "2.0.0");
    }

    @Test
    void aRegistrationAfterThePublicationJoinsByItself() throws Exception {
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        register(bundle.getBundleContext(), "one");
        claim.probe();
        register(bundle.getBundleContext(), "unprobed");
        chain.control().publish(Set.of(bundle.getBundleId()), Set.of(), "test");
        register(bundle.getBundleContext(), "late");
        assertThat(chain.request("/").headers).containsKeys("one", "unprobed", "late");
    }

    /** A start that hung until its deployment was given up registers after all. */
    @Test
    void aCandidateThatWasGivenUpIsNeverServed() throws Exception {
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        register(bundle.getBundleContext(), "early");
        CompletableFuture<Void> waiting = claim.registered(Set.of("late"));
        claim.close();
        assertThat(waiting).isCancelled();
        ServiceRegistration<Middleware> late = register(bundle.getBundleContext(), "late");
        assertThat(chain.places()).isEmpty();
        bundle.stop();
        assertThat(late).isNotNull();
        Claim again = chain.control().claim(bundle.getBundleId());
        bundle.start();
        register(bundle.getBundleContext(), "late");
        again.probe();
        chain.control().publish(Set.of(bundle.getBundleId()), Set.of(), "second try");
        assertThat(chain.request("/").headers).containsKey("late");
    }

    @Test
    void aCandidateThatGoesIsNoCandidateAnyMore() throws Exception {
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        register(bundle.getBundleContext(), "m");
        claim.probe();
        bundle.stop();
        assertThat(claim.probe()).isEmpty();
        chain.control().publish(Set.of(bundle.getBundleId()), Set.of(), "nothing left");
        assertThat(chain.places()).isEmpty();
    }

    @Test
    void refusesToPublishWhatIsNotClaimedAndToClaimTwice() throws Exception {
        Bundle bundle = chain.framework.install("a", "1.0.0");
        long id = bundle.getBundleId();
        assertThatThrownBy(() -> chain.control().publish(Set.of(id), Set.of(), "test"))
                .isInstanceOf(IllegalStateException.class);
        chain.control().claim(id);
        assertThatThrownBy(() -> chain.control().claim(id)).isInstanceOf(IllegalStateException.class);
        Bundle serving = bundle("b");
        register(serving.getBundleContext(), "m");
        assertThatThrownBy(() -> chain.control().claim(serving.getBundleId()))
                .isInstanceOf(IllegalStateException.class);
    }

    private Refused refused(Map<String, Object> properties) throws Exception {
        Bundle bundle = chain.framework.install("odd", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        register(bundle.getBundleContext(), (request, response, next) -> {}, new Hashtable<>(properties));
        List<ProbeResult> results = claim.probe();
        assertThat(results).hasSize(1);
        return (Refused) results.get(0);
    }

    @Test
    void refusesPropertiesThatCannotBeUsed() throws Exception {
        assertThat(refused(Map.of("middleware.name", "a b")).reason()).isEqualTo(Reason.BAD_NAME);
        assertThat(refused(Map.of("middleware.paths", "nope")).reason()).isEqualTo(Reason.BAD_PATHS);
        assertThat(refused(Map.of("middleware.on.failure", "maybe")).reason()).isEqualTo(Reason.BAD_FAILURE_MODE);
    }

    @Test
    void namesAnUnnamedMiddlewareAfterItsBundleUnlessThereAreSeveral() throws Exception {
        Bundle bundle = chain.framework.install("by.bundle", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        register(bundle.getBundleContext(), (request, response, next) -> {}, properties(null));
        assertThat(claim.probe()).singleElement().extracting(ProbeResult::name).isEqualTo("by.bundle");
        register(bundle.getBundleContext(), "named");
        assertThat(claim.probe().get(0)).isInstanceOfSatisfying(Refused.class, no -> assertThat(no.reason())
                .isEqualTo(Reason.BAD_NAME));
    }

    @Test
    void refusesANameThatTheSameBundleRegistersTwice() throws Exception {
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        register(bundle.getBundleContext(), "m");
        register(bundle.getBundleContext(), "m");
        assertThat(claim.probe().get(0)).isInstanceOf(Ready.class);
        assertThat(claim.probe().get(1)).isInstanceOfSatisfying(Refused.class, no -> assertThat(no.reason())
                .isEqualTo(Reason.DUPLICATE_NAME));
    }

    @Test
    void refusesAServiceThatCannotBeHad() throws Exception {
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        ServiceFactory<Middleware> failing = new PrototypeServiceFactory<>() {
            @Override
            public Middleware getService(Bundle by, ServiceRegistration<Middleware> registration) {
                throw new NoClassDefFoundError("missing");
            }

            @Override
            public void ungetService(Bundle by, ServiceRegistration<Middleware> registration, Middleware service) {}
        };
        bundle.getBundleContext().registerService(Middleware.class, failing, properties("m"));
        assertThat(claim.probe()).singleElement().isInstanceOfSatisfying(Refused.class, no -> assertThat(no.reason())
                .isEqualTo(Reason.SERVICE_UNAVAILABLE));
    }

    @Test
    void anotherBundleIsRefusedANameThatIsOwned() throws Exception {
        register(bundle("first").getBundleContext(), "auth");
        Bundle rogue = chain.framework.start("rogue", "99.0.0");
        register(rogue.getBundleContext(), "auth");
        assertThat(chain.request("/").headers).containsEntry("auth", "1.0.0");
        assertThat(place("auth").standbys()).isEmpty();
        Bundle claimed = chain.framework.install("rogue2", "99.0.0");
        Claim claim = chain.control().claim(claimed.getBundleId());
        claimed.start();
        register(claimed.getBundleContext(), "auth");
        assertThat(claim.probe()).singleElement().isInstanceOfSatisfying(Refused.class, no -> assertThat(no.message())
                .contains("first", "rogue2", "chain.owner.auth=rogue2"));
    }

    @Test
    void anOwnerStaysTheOwnerWhileItIsAway() throws Exception {
        Bundle first = bundle("first");
        register(first.getBundleContext(), "auth");
        first.stop();
        register(chain.framework.start("rogue", "99.0.0").getBundleContext(), "auth");
        assertThat(chain.request("/").status()).isEqualTo(503);
    }

    @Test
    void anOperatorMayAllowAnotherOwner() throws Exception {
        register(bundle("first").getBundleContext(), "auth");
        chain.chain.modified(ChainInFramework.configuration("1m"), Map.of("chain.owner.auth", "second, first"));
        register(chain.framework.start("second", "2.0.0").getBundleContext(), "auth");
        assertThat(chain.request("/").headers).containsEntry("auth", "2.0.0");
    }

    /** What was refused must not get in when the chain's own bundle comes back, and finds all of them registered. */
    @Test
    void theBundleThatWasInstalledFirstOwnsANameWhenTheChainStartsLater() throws Exception {
        Bundle first = chain.framework.install("first", "1.0.0");
        Bundle rogue = chain.framework.start("rogue", "99.0.0");
        first.start();
        chain.chain.deactivate();
        register(rogue.getBundleContext(), "auth");
        register(first.getBundleContext(), "auth");
        Bundle again = bundle("dev.sluice.chain2");
        ChainComponent later =
                new ChainComponent(again.getBundleContext(), ChainInFramework.configuration("1m"), Map.of());
        assertThat(later.view().places()).singleElement().satisfies(place -> {
            assertThat(place.owner()).isEqualTo("first");
            assertThat(place.standbys()).isEmpty();
        });
    }

    @Test
    void followsChangedServiceProperties() throws Exception {
        Bundle bundle = bundle("a");
        ServiceRegistration<Middleware> one = register(bundle.getBundleContext(), "one", "service.ranking", 1);
        register(bundle.getBundleContext(), "two", "service.ranking", 2);
        assertThat(chain.places()).extracting(PlaceView::name).containsExactly("two", "one");
        one.setProperties(properties("one", "service.ranking", 3, "middleware.paths", "/only"));
        assertThat(chain.places()).extracting(PlaceView::name).containsExactly("one", "two");
        assertThat(chain.request("/else").headers).containsKey("two").doesNotContainKey("one");
        one.setProperties(properties("one", "middleware.paths", "not a path"));
        assertThat(place("one").paths()).containsExactly("/only");
        one.setProperties(properties("renamed"));
        assertThat(place("one").paths()).containsExactly("/only");
    }

    @Test
    void aCandidateIsPublishedWithThePropertiesThatItHasThen() throws Exception {
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        ServiceRegistration<Middleware> registration = register(bundle.getBundleContext(), "m");
        claim.probe();
        registration.setProperties(properties("m", "service.ranking", 42));
        chain.control().publish(Set.of(bundle.getBundleId()), Set.of(), "test");
        assertThat(place("m").ranking()).isEqualTo(42);
    }

    private static final class Recording implements Filter {
        private final List<String> events = Collections.synchronizedList(new ArrayList<>());
        private final boolean fails;

        Recording(boolean fails) {
            this.fails = fails;
        }

        @Override
        public void init(FilterConfig config) throws ServletException {
            events.add("init " + config.getFilterName() + " " + config.getInitParameter("p") + " "
                    + Collections.list(config.getInitParameterNames()));
            if (fails) {
                throw new ServletException("no");
            }
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain behind)
                throws IOException, ServletException {
            events.add("doFilter");
            behind.doFilter(request, response);
        }

        @Override
        public void destroy() {
            events.add("destroy");
        }
    }

    @Test
    void aFilterWithANameIsAMiddlewareInitialisedAndDestroyed() throws Exception {
        Recording filter = new Recording(false);
        Bundle bundle = bundle("a");
        ServiceRegistration<Filter> registration =
                bundle.getBundleContext().registerService(Filter.class, filter, properties("f", "filter.init.p", "v"));
        bundle.getBundleContext().registerService(Filter.class, new Recording(true), properties(null));
        assertThat(chain.places()).hasSize(1);
        chain.request("/");
        registration.unregister();
        assertThat(filter.events).containsExactly("init f v [p]", "doFilter", "destroy");
        assertThat(chain.request("/").status()).isEqualTo(503);
    }

    @Test
    void aFilterWhoseInitFailsIsRefusedAndNotDestroyed() throws Exception {
        Recording filter = new Recording(true);
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        ServiceRegistration<Filter> registration =
                bundle.getBundleContext().registerService(Filter.class, filter, properties("f"));
        assertThat(claim.probe()).singleElement().isInstanceOfSatisfying(Refused.class, no -> assertThat(no.reason())
                .isEqualTo(Reason.INIT_FAILED));
        assertThat(registration.getReference().getUsingBundles()).isNull();
        claim.close();
        assertThat(filter.events).hasSize(1);
    }

    @Test
    void aCandidateFilterThatIsGivenUpIsDestroyed() throws Exception {
        Recording filter = new Recording(false);
        Bundle bundle = chain.framework.install("a", "1.0.0");
        Claim claim = chain.control().claim(bundle.getBundleId());
        bundle.start();
        bundle.getBundleContext().registerService(Filter.class, filter, properties("f"));
        claim.probe();
        claim.close();
        assertThat(filter.events).containsExactly("init f null []", "destroy");
    }

    @Test
    void reservedPlacesAreClosedUntilTheyAreFilledOrDropped() throws Exception {
        chain.control().reserve(List.of(new ReservedPlace("auth", "a", 5, List.of("/api/*"), FailureMode.CLOSED)));
        assertThat(chain.request("/api").status()).isEqualTo(503);
        assertThat(chain.request("/").status()).isEqualTo(200);
        register(chain.framework.start("rogue", "9.0.0").getBundleContext(), "auth");
        assertThat(chain.request("/api").status()).isEqualTo(503);
        register(bundle("a").getBundleContext(), "auth", "middleware.paths", "/api/*");
        assertThat(chain.request("/api").headers).containsEntry("auth", "1.0.0");
    }

    @Test
    void operatorsOverrideAPlaceAndTakeItBack() throws Exception {
        register(bundle("a").getBundleContext(), "m");
        chain.overrides.write("m", "name", "m", "ranking", "7", "paths", "/x, /y/*", "on.failure", "open");
        assertThat(place("m").ranking()).isEqualTo(7);
        assertThat(place("m").paths()).containsExactly("/x", "/y/*");
        assertThat(place("m").onFailure()).isEqualTo(FailureMode.OPEN);
        chain.overrides.write("m", "name", "m", "ranking", "seven");
        assertThat(place("m").ranking()).as("what can't be read stays").isEqualTo(7);
        assertThat(place("m").paths()).as("a file is taken whole or not at all").containsExactly("/x", "/y/*");
        for (String slip : new String[] {"yes", "1", "nope", "flase"}) {
            chain.overrides.write("m", "name", "m", "enabled", slip);
            assertThat(place("m").ranking()).as("enabled=" + slip).isEqualTo(7);
        }
        chain.overrides.write("m", "name", "m", "enabled", "False ");
        assertThat(chain.places()).isEmpty();
        assertThat(chain.chain.view().others()).extracting(UnitView::state).containsExactly(UnitState.DISABLED);
        chain.overrides.delete("m");
        assertThat(chain.request("/").headers).containsKey("m");
    }

    /** A change of an override and a publication at the same time: neither gets lost. */
    @Test
    void overridesAreNotLostToAPublication() throws Exception {
        for (int round = 0; round < 100; round++) {
            Bundle bundle = chain.framework.install("a" + round, "1.0.0");
            Claim claim = chain.control().claim(bundle.getBundleId());
            bundle.start();
            register(bundle.getBundleContext(), "m" + round);
            claim.probe();
            CountDownLatch together = new CountDownLatch(2);
            Thread publishes = new Thread(() -> {
                meet(together);
                chain.control().publish(Set.of(bundle.getBundleId()), Set.of(), "test");
            });
            publishes.start();
            meet(together);
            chain.overrides.write("m" + round, "name", "m" + round, "ranking", "7");
            publishes.join();
            assertThat(place("m" + round).ranking()).isEqualTo(7);
        }
    }

    private static void meet(CountDownLatch together) {
        together.countDown();
        while (together.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Registers, unregisters: whatever the interleaving, nothing whose service has gone is left serving. */
    @Test
    void aServiceThatGoesWhileItIsProbedIsNotLeftServing() throws Exception {
        BundleContext context = bundle("a").getBundleContext();
        CountDownLatch probing = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        ServiceFactory<Middleware> slow = new ServiceFactory<>() {
            @Override
            public Middleware getService(Bundle by, ServiceRegistration<Middleware> registration) {
                probing.countDown();
                try {
                    gone.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return (request, response, next) -> {};
            }

            @Override
            public void ungetService(Bundle by, ServiceRegistration<Middleware> registration, Middleware service) {}
        };
        Thread registers = new Thread(() -> context.registerService(Middleware.class, slow, properties("m")));
        registers.start();
        probing.await();
        Bundle other = bundle("other");
        register(other.getBundleContext(), "other");
        assertThat(chain.request("/").headers).as("others aren't held up").containsKey("other");
        context.getBundle().stop();
        gone.countDown();
        registers.join();
        assertThat(chain.places()).extracting(PlaceView::name).containsExactly("other");
    }
}
