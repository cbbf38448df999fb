package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.DrainOutcome;
import dev.sluice.chain.OpenRequests;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.fixture.Logged;
import dev.sluice.chain.lease.Stripes;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChainTest {

    private final FakeTime time = new FakeTime();
    private final Chain chain = new Chain(time::nanoTime, time);
    private final Provider auth = provider("auth", 1, 10, spec(0, "/api/*"), Parts.PASSES);

    @BeforeEach
    void open() {
        chain.open();
        chain.change(roster -> roster.join(auth), "test");
    }

    private Lease lease(String path) {
        Snapshot snapshot = chain.current();
        Exchange exchange = new Exchange("PUT", path, DispatcherType.REQUEST);
        return chain.lease(snapshot, snapshot.route(path, exchange.request), exchange.request, path)
                .orElseThrow();
    }

    private void retire() {
        chain.change(roster -> roster.retire(Set.of(10L)), "test");
    }

    @Test
    void countsGenerationsUpAndOnlyForChanges() {
        long before = chain.current().generation();
        assertThat(chain.change(roster -> roster, "nothing")).isEqualTo(before);
        assertThat(chain.change(roster -> roster.join(provider("b", 1, 2)), "b"))
                .isEqualTo(before + 1);
    }

    @Test
    void aChangeThatFailsChangesNothing() {
        Snapshot before = chain.current();
        assertThatThrownBy(() -> chain.change(
                        roster -> {
                            throw new IllegalStateException("no");
                        },
                        "fails"))
                .hasMessage("no");
        assertThat(chain.current()).isSameAs(before);
    }

    @Test
    void givesNoLeaseOnASnapshotThatIsNotTheCurrentOne() {
        Snapshot before = chain.current();
        Route route = before.route("/api/x", null);
        retire();
        assertThat(chain.lease(before, route, new Exchange("/api/x").request, "/api/x"))
                .isEqualTo(Optional.empty());
        assertThat(route.gate().isEmpty()).isTrue();
        assertThat(chain.leases()).isEmpty();
    }

    @Test
    void aLeaseThatCannotBeMadeIsNotCounted() {
        Snapshot snapshot = chain.current();
        Route route = snapshot.route("/api/x", null);
        assertThatThrownBy(() -> chain.lease(snapshot, route, null, "/api/x"));
        assertThat(route.gate().isEmpty()).isTrue();
    }

    @Test
    void aDrainOfWhatNobodyHoldsIsCompleteAlready() {
        assertThat(chain.drains().drain(10, Duration.ofHours(1))).isCompleted();
        retire();
        assertThat(chain.drains().drain(10, Duration.ofHours(1))).isCompletedWithValueMatching(DrainOutcome::drained);
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void aDrainWaitsForTheLastLeaseAndTellsHowLong() {
        Lease first = lease("/api/1");
        Lease second = lease("/api/2");
        retire();
        CompletableFuture<DrainOutcome> drain = chain.drains().drain(10, Duration.ofHours(1));
        time.advance(Duration.ofSeconds(3));
        first.close();
        first.close();
        time.run();
        assertThat(drain).isNotDone();
        second.close();
        time.run();
        assertThat(drain).isCompletedWithValue(new DrainOutcome(0, Duration.ofSeconds(3)));
        assertThat(time.scheduled())
                .as("deadlines left, which would hold the units")
                .isZero();
        assertThat(chain.held()).isEmpty();
    }

    @Test
    void requestsOnOtherPathsHoldNothingOfIt() {
        lease("/events");
        retire();
        assertThat(chain.drains().drain(10, Duration.ofHours(1))).isCompleted();
    }

    @Test
    void aUnitIsHeldByLeasesOfEveryGenerationThatItServedIn() {
        Lease old = lease("/api/1");
        chain.change(roster -> roster.join(provider("b", 1, 2)), "another generation");
        Lease young = lease("/api/2");
        retire();
        CompletableFuture<DrainOutcome> drain = chain.drains().drain(10, Duration.ofHours(1));
        young.close();
        time.run();
        assertThat(drain).isNotDone();
        old.close();
        time.run();
        assertThat(drain).isCompleted();
    }

    @Test
    void atTheDeadlineItNamesTheStuckRequestsAndClosesTheUnits() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread stuck = new Thread(
                () -> {
                    Lease lease = lease("/api/stuck");
                    inside.countDown();
                    standsHere(go);
                    lease.close();
                },
                "stuck-thread");
        stuck.start();
        inside.await();
        // On a busy machine it may still be on its way there.
        while (stuck.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        Lease parked = lease("/api/parked");
        parked.park();
        retire();
        CompletableFuture<DrainOutcome> drain = chain.drains().drain(10, Duration.ofSeconds(5));
        try (Logged logged = new Logged(DrainWatch.class.getName())) {
            time.advance(Duration.ofSeconds(4));
            assertThat(drain).isNotDone();
            assertThat(logged.records()).isEmpty();
            time.advance(Duration.ofSeconds(1));
            assertThat(drain).isCompletedWithValue(new DrainOutcome(2, Duration.ofSeconds(5)));
            assertThat(logged.records().stream().filter(record -> record.contains("PUT /api/")))
                    .hasSize(2)
                    .anySatisfy(record -> assertThat(record)
                            .contains("PUT /api/stuck, 5000 ms old", "stuck-thread", "    at ", "standsHere"))
                    .anySatisfy(record -> assertThat(record).contains("PUT /api/parked, 5000 ms old", "asynchronous"));
        }
        assertThat(auth.unit().isClosed()).isTrue();
        assertThat(chain.drains().drain(10, Duration.ofSeconds(5)))
                .as("nobody waits a second time")
                .isCompleted();
        OpenRequests open = chain.drains().requests(10);
        assertThat(open.requests())
                .extracting(OpenRequests.Request::line)
                .containsExactlyInAnyOrder("PUT /api/stuck", "PUT /api/parked");
        assertThat(open.requests()).extracting(OpenRequests.Request::age).containsOnly(Duration.ofSeconds(5));
        assertThat(open.count()).isEqualTo(2);
        assertThat(open.over()).isNotDone();
        go.countDown();
        stuck.join();
        parked.close();
        time.run();
        assertThat(chain.held()).isEmpty();
    }

    private static void standsHere(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void drainsWithTheirOwnDeadlinesAgree() {
        Lease lease = lease("/api");
        retire();
        CompletableFuture<DrainOutcome> patient = chain.drains().drain(10, Duration.ofHours(1));
        CompletableFuture<DrainOutcome> hasty = chain.drains().drain(10, Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(hasty).isCompletedWithValueMatching(outcome -> outcome.leasesLeft() == 1);
        assertThat(patient).isNotDone();
        lease.close();
        time.run();
        assertThat(patient).isCompletedWithValueMatching(DrainOutcome::drained);
    }

    /** One component of a bundle is re-activated; the other serves on. */
    @Test
    void aUnitThatServesIsNeitherWaitedForNorClosedWhenAnotherOfItsBundleGoes() {
        Provider other = provider("other", 1, 10, spec(0, "/other/*"), Parts.PASSES);
        chain.change(roster -> roster.join(other), "test");
        lease("/other/1");
        Lease onAuth = lease("/api/1");
        chain.change(roster -> roster.away(auth.unit()), "test");
        CompletableFuture<DrainOutcome> drain = chain.drains().drain(10, Duration.ofSeconds(5));
        onAuth.close();
        time.run();
        assertThat(drain).isCompletedWithValueMatching(DrainOutcome::drained);
        time.advance(Duration.ofSeconds(10));
        assertThat(other.unit().isClosed()).isFalse();
    }

    @Test
    void whatHangsOnADrainRunsNotOnTheRequestsThread() {
        Lease lease = lease("/api");
        retire();
        boolean[] ran = {false};
        chain.drains().drain(10, Duration.ofHours(1)).thenRun(() -> ran[0] = true);
        lease.close();
        assertThat(ran[0]).isFalse();
        time.run();
        assertThat(ran[0]).isTrue();
    }

    @Test
    void blockingForADrainNeedsNoTimer() throws Exception {
        Lease lease = lease("/api");
        retire();
        CompletableFuture<DrainOutcome> outcome =
                CompletableFuture.supplyAsync(() -> chain.drains().await(10, Duration.ofMinutes(1)));
        assertThatThrownBy(() -> outcome.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(Exception.class);
        lease.close();
        assertThat(outcome.get(10, TimeUnit.SECONDS).drained()).isTrue();
    }

    @Test
    void blockingForADrainEndsAtTheDeadlineAndIgnoresInterrupts() {
        lease("/api");
        retire();
        Thread.currentThread().interrupt();
        assertThat(chain.drains().await(10, Duration.ofMillis(20)).leasesLeft()).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(auth.unit().isClosed()).isTrue();
    }

    @Test
    void closingEndsDrainsAndTellsTheTruthAboutThem() {
        lease("/api");
        retire();
        CompletableFuture<DrainOutcome> drain = chain.drains().drain(10, Duration.ofHours(1));
        chain.close();
        assertThat(drain).isCompletedWithValueMatching(outcome -> !outcome.drained());
        chain.change(roster -> roster.join(provider("late", 1, 30, spec(0, "/late"), Parts.PASSES)), "test");
        lease("/late");
        chain.change(roster -> roster.retire(Set.of(30L)), "test");
        assertThat(chain.drains().drain(30, Duration.ofHours(1)))
                .isCompletedWithValueMatching(outcome -> !outcome.drained());
    }

    @Test
    void refusingWaitsForEveryRequestOfEveryGeneration() {
        Lease old = lease("/api");
        chain.change(roster -> roster.join(provider("b", 1, 2)), "another generation");
        Lease young = lease("/elsewhere");
        CompletableFuture<Void> refused = chain.refuse();
        assertThat(chain.isOpen()).isFalse();
        young.close();
        assertThat(refused).isNotDone();
        old.close();
        assertThat(refused).isCompleted();
    }

    @Test
    void refusingAnIdleChainIsCompleteAtOnceAndForGood() {
        assertThat(chain.refuse()).isCompleted();
        chain.open();
        chain.change(roster -> roster.join(provider("b", 1, 2)), "later");
        assertThat(chain.isOpen()).isFalse();
        assertThat(chain.refuse()).isCompleted();
    }

    @Test
    void givingUpClosesWhatIsHeldSoThatNoStopWaitsForIt() {
        lease("/api");
        chain.refuse();
        chain.drains().giveUp();
        retire();
        assertThat(chain.drains().drain(10, Duration.ofSeconds(5))).isCompleted();
    }

    @Test
    void aStreamKeepsOnlyTheUnitsOfItsOwnRouteHeld() {
        Provider logs = provider("logs", 1, 2, spec(0, "/events"), Parts.PASSES);
        chain.change(roster -> roster.join(logs), "test");
        Lease stream = lease("/events");
        chain.change(roster -> roster.retire(Set.of(2L, 10L)), "test");
        assertThat(chain.held()).isEqualTo(Set.of(logs.unit()));
        stream.close();
        assertThat(chain.held()).isEqualTo(Set.of());
        assertThat(List.copyOf(chain.leases())).isEmpty();
    }

    @Test
    void saysInTheLogWhenAPlaceBeginsToBlockAndWhenItDoesNoMore() {
        try (Logged logged = new Logged(Blocking.class.getName())) {
            chain.change(roster -> roster.require(Set.of("auth", "limits")), "test");
            assertThat(logged.records()).singleElement().asString().contains("\"limits\" is required", "[/*]", "503");
            chain.change(roster -> roster.join(provider("other", 1, 20)), "test");
            assertThat(logged.records()).as("said once").hasSize(1);
            chain.change(roster -> roster.join(provider("limits", 1, 30)), "test");
            assertThat(logged.records()).hasSize(2).last().asString().contains("\"limits\" keeps no requests");
        }
    }

    /** As after an asynchronous dispatch: it is given back where it was counted, whoever runs it by then. */
    @Test
    void whoGivesUpUnitsOnAnotherThreadThanItCameOnStillHoldsTheRest() throws Exception {
        Provider limits = provider("limits", 1, 20, spec(0, "/api/*"), Parts.PASSES);
        Provider headers = provider("headers", 1, 30, spec(0, "/api/*"), Parts.PASSES);
        chain.change(roster -> roster.join(limits).join(headers), "test");
        Lease lease = leaseOfAnotherStripe("/api/stop");
        lease.park();
        chain.change(roster -> roster.retire(Set.of(10L, 20L, 30L)), "test");
        CompletableFuture<DrainOutcome> ofAuth = chain.drains().drain(10, Duration.ofHours(1));
        CompletableFuture<DrainOutcome> ofLimits = chain.drains().drain(20, Duration.ofHours(1));
        CompletableFuture<DrainOutcome> ofHeaders = chain.drains().drain(30, Duration.ofHours(1));

        lease.resume(lease, new Exchange("/api/stop").response, (request, response) -> {
            assertThat(ofAuth).isNotDone();
            chain.drains().giveUpOwn(10);
            time.run();
            assertThat(ofAuth).isCompletedWithValueMatching(DrainOutcome::drained);
            assertThat(ofLimits).isNotDone();
            chain.drains().giveUpOwn(20);
            time.run();
            assertThat(ofLimits).isCompletedWithValueMatching(DrainOutcome::drained);
        });
        time.run();
        assertThat(ofHeaders).isNotDone();
        assertThat(chain.held()).isEqualTo(Set.of(headers.unit()));

        lease.close();
        time.run();
        assertThat(ofHeaders).isCompletedWithValueMatching(DrainOutcome::drained);
        assertThat(chain.held()).isEmpty();
    }

    private Lease leaseOfAnotherStripe(String path) throws InterruptedException {
        CompletableFuture<Lease> made = new CompletableFuture<>();
        int own = Stripes.own();
        while (!made.isDone()) {
            Thread other = new Thread(() -> {
                if (Stripes.own() != own) {
                    made.complete(lease(path));
                }
            });
            other.start();
            other.join();
        }
        return made.join();
    }

    @Test
    void namesTheTimeThatADrainReallyTookWhenItIsCutShort() {
        Lease lease = lease("/api/x");
        retire();
        CompletableFuture<DrainOutcome> drain = chain.drains().drain(10, Duration.ofMinutes(5));
        time.advance(Duration.ofSeconds(30));
        try (Logged logged = new Logged(DrainWatch.class.getName())) {
            chain.close();
            assertThat(logged.records()).anySatisfy(record -> assertThat(record)
                    .contains("1 request(s) still hold")
                    .matches("(?s).*30,?000 ms of draining.*"));
        }
        assertThat(drain.join().waited()).isEqualTo(Duration.ofSeconds(30));
        lease.close();
    }

    @Test
    void aRequestThatAMiddlewareHasForLongIsLoggedOnceAndShownWithItsStack() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Provider slow = provider("slow", 1, 20, spec(-5, "/slow"), (request, response, next) -> {
            inside.countDown();
            standsHere(go);
            next.proceed(request, response);
        });
        chain.change(roster -> roster.join(slow), "test");
        CountDownLatch behind = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Thread request = new Thread(() -> run("/slow", behind, answer), "slow-thread");
        request.start();
        inside.await();
        LongStays stays = new LongStays(chain, time::nanoTime);
        try (Logged logged = new Logged(LongStays.class.getName())) {
            time.advance(LongStays.LONG.minusSeconds(1));
            stays.run();
            assertThat(logged.records()).isEmpty();
            assertThat(chain.stuck()).isEmpty();
            time.advance(Duration.ofSeconds(1));
            stays.run();
            stays.run();
            assertThat(logged.records()).singleElement().asString().contains("slow", "PUT /slow", "slow-thread");
            assertThat(chain.stuck()).containsOnlyKeys(slow.unit());
            assertThat(chain.stuck().get(slow.unit()).get(0).frames()).anyMatch(frame -> frame.contains("standsHere"));
            go.countDown();
            behind.await();
            assertThat(chain.stuck()).as("what is behind the chain keeps it").isEmpty();
        } finally {
            go.countDown();
            answer.countDown();
            request.join();
        }
    }

    private void run(String path, CountDownLatch behind, CountDownLatch answer) {
        Exchange exchange = new Exchange("PUT", path, DispatcherType.REQUEST);
        Snapshot snapshot = chain.current();
        Lease lease = chain.lease(snapshot, snapshot.route(path, exchange.request), exchange.request, path)
                .orElseThrow();
        try {
            lease.run(exchange.response, (request, response) -> {
                behind.countDown();
                standsHere(answer);
            });
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            lease.close();
        }
    }
}
