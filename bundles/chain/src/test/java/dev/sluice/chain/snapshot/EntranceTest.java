package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntranceTest {

    private final FakeTime time = new FakeTime();
    private final Chain chain = new Chain(time::nanoTime, time);
    private final Entrance entrance = new Entrance(chain, Parts.waitingRoom(), Parts.UNWATCHED);
    private final List<String> ran = new ArrayList<>();

    private Provider join(String name, int ranking, Middleware middleware, String... paths) {
        Provider provider = provider(name, 1, name.hashCode(), spec(ranking, paths), middleware);
        chain.change(roster -> roster.join(provider), "test");
        return provider;
    }

    private Middleware passing(String name) {
        return (request, response, next) -> {
            ran.add(name);
            next.proceed(request, response);
        };
    }

    private Exchange serve(String path) throws IOException, ServletException {
        return serve(new Exchange(path));
    }

    private Exchange serve(Exchange exchange) throws IOException, ServletException {
        entrance.serve(exchange.request, exchange.response, (request, response) -> ran.add("end"));
        assertThat(chain.leases()).as("leases that leak").isEmpty();
        return exchange;
    }

    private static void isRefused(Exchange exchange, int status) {
        assertThat(exchange.status()).isEqualTo(status);
        assertThat(exchange.headers).containsEntry("Content-Type", "application/problem+json");
        assertThat(exchange.body()).contains("\"status\":" + status);
        assertThat(exchange.attributes).doesNotContainKey(ChainControl.ADMITTED_ATTRIBUTE);
    }

    @Test
    void runsWhatMatchesInOrderAndMarksTheRequestForTheGate() throws Exception {
        chain.open();
        join("last", 1, passing("last"));
        join("first", 2, passing("first"), "/a/*");
        join("other", 3, passing("other"), "/b/*");
        Exchange exchange = serve("/a/x");
        assertThat(ran).containsExactly("first", "last", "end");
        assertThat(exchange.attributes).containsEntry(ChainControl.ADMITTED_ATTRIBUTE, Boolean.TRUE);
    }

    @Test
    void answersNothingBeforeItIsOpenAndAfterItStops() throws Exception {
        isRefused(serve("/"), 503);
        chain.open();
        assertThat(serve("/").status()).isEqualTo(200);
        chain.refuse();
        Exchange refused = serve("/");
        isRefused(refused, 503);
        assertThat(refused.headers).containsEntry("Connection", "close").containsKey("Retry-After");
        assertThat(ran).containsExactly("end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "//", "/a/../b", "/a;b", "/a\\b"})
    void refusesAmbiguousPathsBeforeAnythingRuns(String path) throws Exception {
        chain.open();
        isRefused(serve(path), 400);
        assertThat(ran).isEmpty();
    }

    @Test
    void refusesOnThePathsOfAFailClosedMiddlewareThatIsAwayAndNowhereElse() throws Exception {
        chain.open();
        Provider auth = join("auth", 1, passing("auth"), "/api/*");
        chain.change(roster -> roster.away(auth.unit()).endHolds(hold -> true), "test");
        isRefused(serve("/api/x"), 503);
        assertThat(serve("/public").status()).isEqualTo(200);
        assertThat(ran).containsExactly("end");
    }

    @Test
    void aMiddlewareMayAnswerItselfAndMayRetry() throws Exception {
        chain.open();
        join("retry", 2, (request, response, next) -> {
            next.proceed(request, response);
            next.proceed(request, response);
        });
        join("inner", 1, passing("inner"));
        serve("/");
        assertThat(ran).containsExactly("inner", "end", "inner", "end");
        ran.clear();
        join("answer", 3, (request, response, next) -> response.setStatus(401));
        assertThat(serve("/").status()).isEqualTo(401);
        assertThat(ran).isEmpty();
    }

    @Test
    void findsItsWayThroughWrappersAndRefusesAnAlienRequest() throws Exception {
        chain.open();
        AtomicReference<HttpServletRequest> seen = new AtomicReference<>();
        join(
                "wrap",
                2,
                (request, response, next) ->
                        next.proceed(new HttpServletRequestWrapper(new HttpServletRequestWrapper(request)), response));
        join("inner", 1, (request, response, next) -> {
            seen.set(request);
            next.proceed(request, response);
        });
        serve("/");
        assertThat(seen.get()).isInstanceOf(HttpServletRequestWrapper.class);
        assertThat(ran).containsExactly("end");
        join("alien", 3, (request, response, next) -> next.proceed(new Exchange("/").request, response));
        ran.clear();
        assertThat(serve("/").status()).isEqualTo(500);
        assertThat(ran).isEmpty();
    }

    @Test
    void nothingCanBeServedForARequestThatIsComplete() throws Exception {
        chain.open();
        AtomicReference<Runnable> late = new AtomicReference<>();
        join("keeps", 1, (request, response, next) -> late.set(() -> proceed(next, request, response)));
        serve("/");
        assertThatThrownBy(() -> late.get().run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("complete");
        assertThat(ran).isEmpty();
    }

    private static void proceed(Next next, HttpServletRequest request, HttpServletResponse response) {
        try {
            next.proceed(request, response);
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givesTheLeaseBackWhateverIsThrown() throws Exception {
        chain.open();
        List<Throwable> thrown = List.of(
                new IOException("io"),
                new ServletException("servlet"),
                new IllegalArgumentException("x"),
                new StackOverflowError());
        for (Throwable each : thrown) {
            Provider throwing = join("throws", 1, (request, response, next) -> sneak(each));
            assertThat(serve("/").status()).isEqualTo(500);
            chain.change(roster -> roster.leave(throwing.unit()), "test");
            assertThat(chain.held()).isEmpty();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void eachMiddlewareRunsWithItsOwnContextClassLoaderAndTheEndWithTheOutsideOne() throws Exception {
        chain.open();
        List<ClassLoader> seen = new ArrayList<>();
        Provider outer = join("outer", 2, (request, response, next) -> {
            seen.add(Thread.currentThread().getContextClassLoader());
            next.proceed(request, response);
            seen.add(Thread.currentThread().getContextClassLoader());
            Thread.currentThread().setContextClassLoader(null); // leaked
        });
        Provider inner = join("inner", 1, (request, response, next) -> {
            seen.add(Thread.currentThread().getContextClassLoader());
            Thread.currentThread().setContextClassLoader(null); // leaked
            next.proceed(request, response);
        });
        ClassLoader outside = new ClassLoader(null) {};
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(outside);
        try {
            Exchange exchange = new Exchange("/");
            entrance.serve(
                    exchange.request,
                    exchange.response,
                    (request, response) -> seen.add(Thread.currentThread().getContextClassLoader()));
            assertThat(thread.getContextClassLoader()).isSameAs(outside);
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(seen)
                .containsExactly(
                        outer.unit().loader(),
                        inner.unit().loader(),
                        outside,
                        outer.unit().loader());
    }

    @Test
    void aRequestThatComesToAClosedUnitIsRefusedOrPassesByTheFailureMode() throws Exception {
        chain.open();
        Provider inner = join("inner", 1, passing("inner"));
        join("outer", 2, (request, response, next) -> {
            inner.unit().close();
            next.proceed(request, response);
        });
        isRefused(serve("/"), 503);
        assertThat(ran).isEmpty();
        chain.change(roster -> roster.describe(inner.unit(), spec(1, FailureMode.OPEN)), "test");
        assertThat(serve("/").status()).isEqualTo(200);
        assertThat(ran).containsExactly("end");
    }

    @Test
    void aLaterDispatchWithoutALeaseIsRefused() throws Exception {
        chain.open();
        isRefused(serve(new Exchange("GET", "/", DispatcherType.ASYNC)), 503);
        isRefused(serve(new Exchange("GET", "/", DispatcherType.ERROR)), 503);
        assertThat(ran).isEmpty();
    }

    /** Each time that it could go on it is held again: while the chain closes connections each look sets a header. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aRequestThatIsHeldAgainAndAgainWaitsNoLongerThanOneThatIsHeldOnce() throws Exception {
        WaitingRoom room = new WaitingRoom(new WaitingRoom.Limits(1, Duration.ofMillis(50)));
        chain.open();
        chain.closeConnections();
        Provider auth = join("auth", 1, passing("auth"));
        Exchange exchange = new Exchange("/");
        HttpServletResponse response = new HttpServletResponseWrapper(exchange.response) {
            @Override
            public void setHeader(String name, String value) {
                super.setHeader(name, value);
                if (exchange.status() == 200) {
                    boolean held = chain.roster().holds().findAny().isPresent();
                    chain.change(roster -> held ? roster.join(auth) : roster.away(auth.unit()), "test");
                }
            }
        };
        new Entrance(chain, room, Parts.UNWATCHED)
                .serve(exchange.request, response, (request, answer) -> ran.add("end"));
        isRefused(exchange, 503);
        assertThat(ran).isEmpty();
        assertThat(room.waiting()).isZero();
    }

    @Test
    void aCommittedResponseIsLeftAsItIs() throws Exception {
        Exchange exchange = new Exchange("/");
        exchange.commit();
        serve(exchange);
        assertThat(exchange.body()).isEmpty();
        assertThat(exchange.status()).isEqualTo(200);
    }

    @Test
    void aRequestStaysOnTheChainThatItBeganOn() throws Exception {
        chain.open();
        Provider inner = join("inner", 1, passing("inner"));
        join("outer", 2, (request, response, next) -> {
            chain.change(roster -> roster.retire(Set.of(inner.unit().bundleId())), "in the middle");
            next.proceed(request, response);
        });
        serve("/");
        assertThat(ran).containsExactly("inner", "end");
    }
}
