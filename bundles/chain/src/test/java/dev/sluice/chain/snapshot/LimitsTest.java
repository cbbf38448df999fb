package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.StuckThread;
import dev.sluice.chain.failure.Aborted;
import dev.sluice.chain.failure.DeadlinePassed;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.fixture.Logged;
import dev.sluice.chain.limit.Limits;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many requests a middleware has at a time, and for how long. */
@Timeout(60)
class LimitsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTime time = new FakeTime();
    private final Chain chain = new Chain(time::nanoTime, time);
    private final Entrance entrance = new Entrance(chain, Parts.waitingRoom(), Parts.UNWATCHED);
    private final Logged logged = new Logged("dev.sluice.chain");
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final AtomicInteger ended = new AtomicInteger();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @BeforeEach
    void open() {
        chain.open();
    }

    @AfterEach
    void close() {
        go.countDown();
        clients.shutdownNow();
        logged.close();
    }

    private Provider join(String name, int version, FailureMode mode, Middleware middleware) {
        Provider provider = provider(name, version, version, spec(version, mode), middleware);
        chain.change(roster -> roster.join(provider), "test");
        return provider;
    }

    private void limit(String name, Limits limits) {
        PlaceOverride override = new PlaceOverride(
                Optional.empty(), Optional.empty(), Optional.empty(), true, limits, TripOverride.NONE);
        chain.change(roster -> roster.override(Map.of(name, override)), "test");
    }

    private static Limits concurrency(int limit) {
        return new Limits(Optional.of(limit), Optional.empty(), false);
    }

    private static Limits deadline(boolean interrupt) {
        return new Limits(Optional.empty(), Optional.of(SECOND), interrupt);
    }

    private Exchange serve() throws IOException, ServletException {
        Exchange exchange = new Exchange("/");
        entrance.serve(exchange.request, exchange.response, (request, response) -> ended.incrementAndGet());
        return exchange;
    }

    private CompletableFuture<Exchange> serveElsewhere(Exchange exchange) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        entrance.serve(
                                exchange.request, exchange.response, (request, response) -> ended.incrementAndGet());
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                        return exchange;
                    } catch (IOException | ServletException e) {
                        throw new AssertionError(e);
                    }
                },
                clients);
    }

    private void waits(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        entered.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
        next.proceed(request, response);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private Collection<List<StuckThread>> stuck() {
        return chain.stuck().values();
    }

    @Test
    void beyondItsLimitAFailClosedMiddlewareAnswersAtOnceAndAcrossItsVersions() throws Exception {
        join("m", 1, FailureMode.CLOSED, this::waits);
        limit("m", concurrency(1));
        CompletableFuture<Exchange> first = serveElsewhere(new Exchange("/"));
        entered.await();

        Exchange second = serve();
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.headers).containsKey("Retry-After");
        assertThat(logged.records()).singleElement().asString().contains("concurrency.limit");
        join("m", 2, FailureMode.CLOSED, Parts.PASSES);
        assertThat(serve().status()).as("the next version").isEqualTo(503);
        limit("m", concurrency(2));
        assertThat(serve().status()).as("with a higher limit").isEqualTo(200);
        limit("m", concurrency(1));

        go.countDown();
        assertThat(get(first).status()).isEqualTo(200);
        assertThat(serve().status()).isEqualTo(200);
        assertThat(ended).hasValue(3);
    }

    @Test
    void beyondItsLimitAFailOpenMiddlewareIsPassed() throws Exception {
        join("m", 1, FailureMode.OPEN, this::waits);
        limit("m", concurrency(1));
        CompletableFuture<Exchange> first = serveElsewhere(new Exchange("/"));
        entered.await();
        assertThat(serve().status()).isEqualTo(200);
        assertThat(ended).hasValue(1);
        go.countDown();
        get(first);
        assertThat(ended).hasValue(2);
    }

    @Test
    void whatFailsGivesItsRoomBack() throws Exception {
        join("m", 1, FailureMode.CLOSED, (request, response, next) -> {
            throw new IllegalStateException("x");
        });
        limit("m", concurrency(1));
        assertThat(serve().status()).isEqualTo(500);
        assertThat(serve().status()).isEqualTo(500);
    }

    @Test
    void atTheDeadlineTheClientIsAnsweredWhileTheThreadIsInsideAndTheViewNamesIt() throws Exception {
        Provider provider = join("m", 1, FailureMode.CLOSED, this::waits);
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger succeeded = new AtomicInteger();
        provider.unit().arm(counting(succeeded, failed));
        limit("m", deadline(false));
        Exchange exchange = new Exchange("/slow");
        CompletableFuture<Exchange> answer = serveElsewhere(exchange);
        entered.await();

        time.advance(SECOND.minusMillis(1));
        assertThat(exchange.status()).isEqualTo(200);
        assertThat(stuck()).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThat(exchange.status()).isEqualTo(504);
        assertThat(exchange.headers).containsEntry("Connection", "close");
        assertThat(exchange.body()).contains("\"incident\":\"");
        assertThat(answer).isNotDone();
        StuckThread view = stuck().iterator().next().get(0);
        assertThat(view.request()).isEqualTo("GET /slow");
        assertThat(view.frames()).anyMatch(frame -> frame.contains("LimitsTest.waits"));
        assertThat(view.ageMillis()).isEqualTo(1000);
        assertThat(exchange.body()).contains(view.incident());
        assertThat(logged.records())
                .singleElement()
                .asString()
                .contains(view.incident(), "\"m\" 1.0.0", "GET /slow", view.thread(), "LimitsTest.waits");
        assertThat(failed).hasValue(1);

        go.countDown();
        get(answer);
        assertThat(exchange.status()).isEqualTo(504);
        assertThat(ended).as("the rest of the chain").hasValue(0);
        assertThat(stuck()).isEmpty();
        assertThat(chain.leases()).isEmpty();
        assertThat(failed).hasValue(1);
        assertThat(succeeded).hasValue(0);
        assertThat(time.scheduled()).isZero();
    }

    /** Those who answer are busy with slow clients until the thread has come back. */
    @Test
    void aThreadThatHasComeBackIsNotShownInWhateverItDoesNow() throws Exception {
        Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
        Chain busy = new Chain(time::nanoTime, time, answers::add, Arming.NONE);
        busy.open();
        Provider provider = provider("m", 1, 1, spec(1), this::waits);
        busy.change(roster -> roster.join(provider), "test");
        PlaceOverride override = new PlaceOverride(
                Optional.empty(), Optional.empty(), Optional.empty(), true, deadline(false), TripOverride.NONE);
        busy.change(roster -> roster.override(Map.of("m", override)), "test");
        Exchange exchange = new Exchange("/slow");
        Future<?> request = clients.submit(() -> {
            new Entrance(busy, Parts.waitingRoom(), Parts.UNWATCHED).serve(exchange.request, exchange.response, null);
            return null;
        });
        entered.await();
        time.advance(SECOND);
        go.countDown();
        request.get(20, TimeUnit.SECONDS);
        assertThat(exchange.status()).isEqualTo(504);
        answers.remove().run();
        assertThat(logged.records())
                .last()
                .asString()
                .contains("longer than its deadline", "has come back since")
                .doesNotContain("    at ");
    }

    private static TripSwitch counting(AtomicInteger succeeded, AtomicInteger failed) {
        return new TripSwitch() {
            @Override
            public boolean permits() {
                return true;
            }

            @Override
            public void succeeded() {
                succeeded.incrementAndGet();
            }

            @Override
            public void failed() {
                failed.incrementAndGet();
            }
        };
    }

    @Test
    void theClockStandsWhileTheRestOfTheChainHasTheRequest() throws Exception {
        join("rest", 1, FailureMode.CLOSED, (request, response, next) -> {
            time.advance(Duration.ofHours(1));
            next.proceed(request, response);
        });
        join("m", 2, FailureMode.CLOSED, (request, response, next) -> {
            time.advance(Duration.ofMillis(400));
            next.proceed(request, response);
            time.advance(Duration.ofMillis(400));
            next.proceed(request, response);
            time.advance(Duration.ofMillis(199));
        });
        limit("m", deadline(false));
        assertThat(serve().status()).isEqualTo(200);
        assertThat(ended).hasValue(2);
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void itsOwnTimeIsAddedUp() throws Exception {
        List<String> after = new ArrayList<>();
        join("rest", 1, FailureMode.CLOSED, (request, response, next) -> time.advance(Duration.ofHours(1)));
        join("m", 2, FailureMode.CLOSED, (request, response, next) -> {
            time.advance(Duration.ofMillis(600));
            next.proceed(request, response);
            time.advance(Duration.ofMillis(399));
            after.add("in time");
            // On this thread the answer is given too, which only a test can do.
            time.advance(Duration.ofMillis(1));
            assertThatThrownBy(() -> next.proceed(request, response))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("deadline");
            assertThatThrownBy(() -> response.setStatus(200)).isInstanceOf(IllegalStateException.class);
            after.add("refused");
        });
        limit("m", deadline(false));
        assertThat(serve().status()).isEqualTo(504);
        assertThat(after).containsExactly("in time", "refused");
    }

    @Test
    void aStreamThatWasHadBeforeTheDeadlineTakesNothingAfterIt() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        join("m", 1, FailureMode.CLOSED, (request, response, next) -> {
            OutputStream stream = response.getOutputStream();
            stream.write("lost".getBytes());
            time.advance(SECOND);
            try {
                stream.write("more".getBytes());
            } catch (IOException e) {
                thrown.add(e);
                throw e;
            }
        });
        limit("m", deadline(false));
        Exchange exchange = serve();
        assertThat(exchange.status()).isEqualTo(504);
        assertThat(exchange.body()).doesNotContain("lost", "more");
        assertThat(thrown).singleElement().asString().contains("deadline");
    }

    @Test
    void anEarlierMiddlewareSeesThatTheDeadlineHasPassedAndIsNotChargedWithIt() throws Exception {
        List<Throwable> seen = new ArrayList<>();
        Provider outer = join("outer", 2, FailureMode.CLOSED, (request, response, next) -> {
            try {
                next.proceed(request, response);
            } catch (IOException e) {
                seen.add(e);
                throw e;
            }
        });
        AtomicInteger succeeded = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        outer.unit().arm(counting(succeeded, failed));
        join("m", 1, FailureMode.OPEN, (request, response, next) -> time.advance(SECOND));
        limit("m", deadline(false));
        assertThat(serve().status())
                .as("even a fail-open one's: its thread is in it")
                .isEqualTo(504);
        assertThat(seen).singleElement().isInstanceOf(DeadlinePassed.class);
        assertThat(failed).hasValue(0);
        assertThat(succeeded).hasValue(1);
    }

    @Test
    void aResponseThatHasBegunIsLeftAndAbortedWhenTheThreadComesBack() throws Exception {
        Exchange exchange = new Exchange("/");
        join("m", 1, FailureMode.CLOSED, (request, response, next) -> {
            exchange.commit();
            time.advance(SECOND);
        });
        limit("m", deadline(false));
        assertThatThrownBy(() -> entrance.serve(exchange.request, exchange.response, (request, response) -> {}))
                .isInstanceOf(Aborted.class);
        assertThat(exchange.status()).isEqualTo(200);
        assertThat(chain.leases()).isEmpty();
    }

    @Test
    void theStuckThreadIsInterruptedOnlyIfItIsSaidAndNotBeyondItsStep() throws Exception {
        join("m", 1, FailureMode.CLOSED, this::waits);
        limit("m", deadline(true));
        Exchange exchange = new Exchange("/");
        CompletableFuture<Exchange> answer = serveElsewhere(exchange);
        entered.await();
        time.advance(SECOND);
        get(answer);
        assertThat(exchange.status()).isEqualTo(504);
        assertThat(ended).hasValue(0);
    }

    @Test
    void limitsChangeWhileItRuns() throws Exception {
        join("m", 1, FailureMode.CLOSED, (request, response, next) -> time.advance(SECOND));
        assertThat(serve().status()).isEqualTo(200);
        limit("m", deadline(false));
        assertThat(serve().status()).isEqualTo(504);
        chain.change(roster -> roster.override(Map.of()), "test");
        assertThat(serve().status()).isEqualTo(200);
    }
}
