package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests run while shares change, and versions come and go. */
@Timeout(60)
class SplitRacesTest {

    private static final int CHANGES = 300;
    private static final int THREADS = 4;
    /** What the two middleware of a version leave on a request. */
    private static final String OUTER = "outer";

    private static final String INNER = "inner";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Chain chain = new Chain(System::nanoTime, timer);
    private final Entrance entrance = new Entrance(chain, Parts.waitingRoom(), Parts.UNWATCHED);
    private final AtomicInteger afterRelease = new AtomicInteger();
    private final AtomicInteger mixed = new AtomicInteger();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    /** A version's part: what it notes must be what it noted when it was called before for the same request. */
    private final class Versioned implements Middleware {
        private final String name;
        private final int version;
        private final int attempts;
        private volatile boolean released;

        Versioned(String name, int version, int attempts) {
            this.name = name;
            this.version = version;
            this.attempts = attempts;
        }

        @Override
        public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
                throws IOException, ServletException {
            Object before = request.getAttribute(name);
            if (before != null && !before.equals(version)) {
                mixed.incrementAndGet();
            }
            request.setAttribute(name, version);
            for (int attempt = 0; attempt < attempts; attempt++) {
                look();
                next.proceed(request, response);
            }
            look();
        }

        private void look() {
            if (released) {
                afterRelease.incrementAndGet();
            }
        }
    }

    private List<Provider> bundle(int version) {
        return List.of(
                provider(OUTER, version, version, spec(2), new Versioned(OUTER, version, 2)),
                provider(INNER, version, version, spec(1), new Versioned(INNER, version, 1)));
    }

    private static Roster joined(Roster roster, List<Provider> providers) {
        Roster changed = roster;
        for (Provider provider : providers) {
            changed = changed.join(provider);
        }
        return changed;
    }

    private static Split split(int old, int oldWeight, int candidate, int weight) {
        return new Split(
                "both",
                List.of(
                        new Share(old, "digest-" + old, oldWeight),
                        new Share(candidate, "digest-" + candidate, weight)),
                new Sticky.Header("X-User"));
    }

    @Test
    void everyRequestKeepsToOneVersionAndNoneRunsOnWhatWasReleased() throws Exception {
        chain.change(roster -> joined(roster, bundle(1)), "first");
        chain.open();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<Integer>> served = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            served.add(threads.submit(() -> serve(over)));
        }
        List<Future<?>> released = new ArrayList<>();
        Random random = new Random(11);
        int old = 1;
        for (int change = 2; change <= CHANGES; change++) {
            int before = old;
            int candidate = change;
            List<Provider> fresh = bundle(candidate);
            chain.change(roster -> joined(roster, fresh).split(List.of(split(before, 99, candidate, 1))), "candidate");
            for (int weight : List.of(10, 50, random.nextInt(100))) {
                chain.change(
                        roster -> roster.split(List.of(split(before, 100 - weight, candidate, weight))),
                        "another share");
            }
            int leaves = random.nextBoolean() ? before : candidate;
            old = leaves == before ? candidate : before;
            released.add(retire(leaves));
        }
        over.set(true);
        for (Future<Integer> one : served) {
            assertThat(one.get()).isPositive();
        }
        for (Future<?> one : released) {
            one.get();
        }
        threads.shutdown();
        assertThat(mixed).as("requests with two versions").hasValue(0);
        assertThat(afterRelease).as("calls of released units").hasValue(0);
        assertThat(chain.leases()).isEmpty();
        assertThat(chain.held()).isEqualTo(Set.copyOf(chain.roster().units().toList()));
    }

    private CompletableFuture<Void> retire(int version) {
        List<Unit> leaving = chain.roster()
                .units()
                .filter(unit -> unit.bundleId() == version)
                .toList();
        chain.change(roster -> roster.retire(Set.of((long) version)), "one leaves");
        return chain.drains().drain(version, Duration.ofSeconds(30)).thenAccept(outcome -> {
            assertThat(outcome.drained()).isTrue();
            leaving.forEach(unit -> ((Versioned) unit.middleware()).released = true);
        });
    }

    /** Half of the requests have a key. Of each both middleware must be of one version, as the choice is one. */
    private int serve(AtomicBoolean over) throws IOException, ServletException {
        int count = 0;
        do {
            Exchange exchange = new Exchange("/" + count % 7);
            if (ThreadLocalRandom.current().nextBoolean()) {
                exchange.with("X-User", "user-" + ThreadLocalRandom.current().nextInt(100));
            }
            entrance.serve(exchange.request, exchange.response, (request, response) -> {});
            assertThat(exchange.attributes.get(OUTER)).isNotNull().isEqualTo(exchange.attributes.get(INNER));
            count++;
        } while (!over.get());
        return count;
    }

    /** A request that is parked between two dispatches: it comes back to its own version, whatever the shares are by then. */
    @Test
    void anAsynchronousRequestComesBackToTheVersionThatItHad() throws Exception {
        chain.change(
                roster -> joined(joined(roster, bundle(1)), bundle(2)).split(List.of(split(1, 100, 2, 0))), "first");
        chain.open();
        Exchange exchange = new Exchange("/");
        Lease lease = chain.lease(chain.current(), chain.current().route("/", exchange.request), exchange.request, "/")
                .orElseThrow();
        lease.run(exchange.response, (request, response) -> {});
        lease.park();
        exchange.attributes.put(Lease.ATTRIBUTE, lease);
        chain.change(roster -> roster.split(List.of(split(1, 0, 2, 100))), "the other one");
        CompletableFuture<Void> leaves = retire(1);

        Exchange again = new Exchange("GET", "/", DispatcherType.ASYNC);
        again.attributes.putAll(exchange.attributes);
        entrance.serve(again.request, again.response, (request, response) -> {});
        assertThat(again.attributes).containsEntry(OUTER, 1).containsEntry(INNER, 1);
        assertThat(leaves).isNotDone();
        lease.close();
        leaves.get();
        assertThat(mixed).hasValue(0);
    }

    /** Each crossing and combination is linked by whoever comes first, many at a time, while it is replaced. */
    @Test
    void aRouteThatIsLinkedWhileItsSnapshotIsReplacedIsNeitherEnteredNorLeaked() throws Exception {
        List<Provider> one = bundle(1);
        List<Provider> two = bundle(2);
        chain.change(roster -> joined(joined(roster, one), two), "first");
        chain.open();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        for (int round = 0; round < 200; round++) {
            int weight = 1 + round % 99;
            chain.change(roster -> roster.split(List.of(split(1, 100 - weight, 2, weight))), "share");
            Snapshot snapshot = chain.current();
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Boolean>> entered = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                entered.add(threads.submit(() -> enter(snapshot, start)));
            }
            start.countDown();
            chain.change(roster -> roster.split(List.of(split(1, weight, 2, 100 - weight))), "another share");
            for (Future<Boolean> each : entered) {
                each.get();
            }
            assertThat(snapshot.routes())
                    .as("a route for each combination that came")
                    .hasSizeLessThanOrEqualTo(2);
            assertThat(snapshot.routes()).allMatch(route -> route.gate().isEmpty());
        }
        threads.shutdown();
        chain.change(roster -> roster.retire(Set.of(1L, 2L)), "both leave");
        assertThat(chain.held()).isEmpty();
    }

    private boolean enter(Snapshot snapshot, CountDownLatch start) throws InterruptedException {
        Exchange exchange = new Exchange("/");
        start.await();
        var lease = chain.lease(snapshot, snapshot.route("/", exchange.request), exchange.request, "/");
        lease.ifPresent(Lease::close);
        return lease.isPresent();
    }

    /** What drains is only what a request has: those that stay in the other version hold up nothing. */
    @Test
    void aVersionThatLosesItsShareDrainsWithoutTheOthersRequests() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        FilterChain stays = (request, response) -> {
            inside.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        };
        chain.change(
                roster -> joined(joined(roster, bundle(1)), bundle(2)).split(List.of(split(1, 100, 2, 0))), "first");
        chain.open();
        Thread request = new Thread(() -> {
            Exchange exchange = new Exchange("/");
            try {
                entrance.serve(exchange.request, exchange.response, stays);
            } catch (IOException | ServletException e) {
                throw new AssertionError(e);
            }
        });
        request.start();
        inside.await();
        chain.change(roster -> roster.split(List.of(split(1, 0, 2, 100))), "the other one");
        Exchange brief = new Exchange("/");
        entrance.serve(brief.request, brief.response, (passed, response) -> {});
        assertThat(brief.attributes).containsEntry(OUTER, 2);
        assertIsFree(2);
        CompletableFuture<Void> first = retire(1);
        assertThat(first).isNotDone();
        go.countDown();
        request.join();
        first.get();
    }

    private void assertIsFree(int version) throws ExecutionException, InterruptedException {
        retire(version).get();
    }
}
