package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.failure.Aborted;
import dev.sluice.chain.failure.Failures;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.fixture.Logged;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
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
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of that which middleware throws, and whom it is charged to. */
class ContainmentTest {

    /** Counts what it is told. */
    private static final class Counted implements TripSwitch {
        private int permitted;
        private int succeeded;
        private int failed;
        private boolean open = true;

        @Override
        public boolean permits() {
            permitted += open ? 1 : 0;
            return open;
        }

        @Override
        public void succeeded() {
            succeeded++;
        }

        @Override
        public void failed() {
            failed++;
        }

        @Override
        public String toString() {
            return permitted + " permitted, " + succeeded + " succeeded, " + failed + " failed";
        }
    }

    private final FakeTime time = new FakeTime();
    private final Chain chain = new Chain(time::nanoTime, time);
    private final Entrance entrance = new Entrance(chain, Parts.waitingRoom(), Parts.UNWATCHED);
    private final Logged logged = new Logged("dev.sluice.chain");
    private final List<String> ran = new ArrayList<>();
    private FilterChain behind = (request, response) -> ran.add("end");

    @BeforeEach
    void open() {
        chain.open();
    }

    @AfterEach
    void close() {
        logged.close();
        Thread.interrupted();
    }

    private Counted join(String name, int ranking, FailureMode mode, Middleware middleware) {
        Provider provider = provider(name, 1, name.hashCode(), spec(ranking, mode), (request, response, next) -> {
            ran.add(name);
            middleware.handle(request, response, next);
        });
        Counted counted = new Counted();
        provider.unit().arm(counted);
        chain.change(roster -> roster.join(provider), "test");
        return counted;
    }

    private Counted closed(String name, int ranking, Middleware middleware) {
        return join(name, ranking, FailureMode.CLOSED, middleware);
    }

    private Counted open(String name, int ranking, Middleware middleware) {
        return join(name, ranking, FailureMode.OPEN, middleware);
    }

    private static Middleware throwing(Throwable thrown) {
        return (request, response, next) -> sneak(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private Exchange serve() throws IOException, ServletException {
        Exchange exchange = new Exchange("/secret");
        serve(exchange);
        return exchange;
    }

    private void serve(Exchange exchange) throws IOException, ServletException {
        try {
            entrance.serve(exchange.request, exchange.response, behind);
        } finally {
            assertThat(chain.leases()).as("leases that leak").isEmpty();
        }
    }

    private static String incident(Exchange exchange) {
        Matcher matcher = Pattern.compile("\"incident\":\"([0-9a-f]{12})\"").matcher(exchange.body());
        assertThat(matcher.find()).as(exchange.body()).isTrue();
        return matcher.group(1);
    }

    @Test
    void aFailureIsAnsweredWithAnIncidentThatIsInTheLogAndNothingOfTheException() throws Exception {
        closed("auth", 1, throwing(new IllegalStateException("password=hunter2\nforged record")));
        Exchange exchange = serve();
        assertThat(exchange.status()).isEqualTo(500);
        assertThat(exchange.headers).containsEntry("Content-Type", "application/problem+json");
        assertThat(exchange.body()).contains("\"status\":500").doesNotContain("hunter2", "Illegal");
        assertThat(ran).containsExactly("auth");
        assertThat(logged.records())
                .singleElement()
                .asString()
                .contains(incident(exchange), "\"auth\" 1.0.0", "bundle " + "auth".hashCode(), "GET /secret")
                .contains("IllegalStateException: password=hunter2", "ContainmentTest")
                .doesNotContain("\nforged");
    }

    @Test
    void errorsAreContainedButForThoseOfTheWholeJvm() throws Exception {
        for (Error error : List.of(new AssertionError("x"), new NoClassDefFoundError("x"), new StackOverflowError())) {
            Counted counted = closed("m" + error.getClass().getSimpleName(), 1, throwing(error));
            assertThat(serve().status()).isEqualTo(500);
            assertThat(counted).hasToString("1 permitted, 0 succeeded, 1 failed");
            chain.change(
                    roster ->
                            roster.retire(Set.of((long) ("m" + error.getClass().getSimpleName()).hashCode())),
                    "test");
        }
        Error memory = new OutOfMemoryError("x");
        Counted counted = closed("memory", 1, throwing(memory));
        assertThatThrownBy(this::serve).isSameAs(memory);
        assertThat(counted).hasToString("1 permitted, 1 succeeded, 0 failed");
    }

    @Test
    void aRealStackOverflowIsChargedToTheOneThatRecurses() throws Exception {
        Counted outer = closed("outer", 3, Parts.PASSES);
        Counted inner = closed("inner", 2, new Middleware() {
            @Override
            public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
                    throws IOException, ServletException {
                handle(request, response, next);
                ran.add("never");
            }
        });
        assertThat(serve().status()).isEqualTo(500);
        assertThat(outer).hasToString("1 permitted, 1 succeeded, 0 failed");
        assertThat(inner).hasToString("1 permitted, 0 succeeded, 1 failed");
        assertThat(logged.records()).singleElement().asString().contains("\"inner\"", "StackOverflowError");
    }

    @Test
    void onlyTheOneThatThrewIsChargedAndEarlierOnesSeeItUnchanged() throws Exception {
        RuntimeException thrown = new RuntimeException("inner's");
        List<Throwable> seen = new ArrayList<>();
        Counted passes = closed("passes", 4, Parts.PASSES);
        Counted wraps = closed("wraps", 3, (request, response, next) -> {
            try {
                next.proceed(request, response);
            } catch (RuntimeException e) {
                seen.add(e);
                throw new ServletException("wrapped", e);
            }
        });
        Counted suppresses = closed("suppresses", 2, (request, response, next) -> {
            try {
                next.proceed(request, response);
            } catch (RuntimeException e) {
                seen.add(e);
                throw e;
            }
        });
        Counted inner = closed("inner", 1, throwing(thrown));
        Exchange exchange = serve();
        assertThat(seen).containsExactly(thrown, thrown);
        assertThat(List.of(passes, wraps, suppresses))
                .allSatisfy(counted -> assertThat(counted).hasToString("1 permitted, 1 succeeded, 0 failed"));
        assertThat(inner).hasToString("1 permitted, 0 succeeded, 1 failed");
        assertThat(exchange.body()).contains("\\\"inner\\\"");
        assertThat(logged.records()).singleElement().asString().contains("inner's", incident(exchange));
    }

    @Test
    void aLatersFailureThatAnEarlierOneHandlesIsChargedAndLoggedAllTheSame() throws Exception {
        closed("outer", 2, (request, response, next) -> {
            try {
                next.proceed(request, response);
            } catch (RuntimeException e) {
                response.setStatus(299);
            }
        });
        Counted inner = closed("inner", 1, throwing(new RuntimeException("x")));
        assertThat(serve().status()).isEqualTo(299);
        assertThat(inner.failed).isEqualTo(1);
        assertThat(logged.records()).singleElement().asString().contains("\"inner\"", "handled");
    }

    @Test
    void eachFailureOfARetryIsCharged() throws Exception {
        RuntimeException same = new RuntimeException("x");
        closed("retry", 2, (request, response, next) -> {
            try {
                next.proceed(request, response);
            } catch (RuntimeException e) {
                next.proceed(request, response);
            }
        });
        Counted inner = closed("inner", 1, throwing(same));
        assertThat(serve().status()).isEqualTo(500);
        assertThat(inner).hasToString("2 permitted, 0 succeeded, 2 failed");
    }

    @Test
    void aMiddlewareThatTriesForeverKeepsNoMoreThanAFewFailures() throws Exception {
        List<RuntimeException> thrown = new ArrayList<>();
        Counted outer = closed("retry", 2, (request, response, next) -> {
            RuntimeException first = null;
            for (int i = 0; i < 1000; i++) {
                try {
                    next.proceed(request, response);
                } catch (RuntimeException e) {
                    first = first == null ? e : first;
                }
            }
            throw first;
        });
        Counted inner = closed("inner", 1, (request, response, next) -> {
            thrown.add(new RuntimeException("attempt " + thrown.size()));
            throw thrown.get(thrown.size() - 1);
        });
        Exchange exchange = serve();
        assertThat(exchange.body()).contains("\\\"inner\\\"");
        assertThat(inner).hasToString("1000 permitted, 0 succeeded, 1000 failed");
        assertThat(outer).hasToString("1 permitted, 1 succeeded, 0 failed");
        assertThat(logged.records()).hasSize(17).allMatch(record -> record.contains(incident(exchange)));
        assertThat(logged.records().get(16)).contains("984 more failures");
    }

    @Test
    void theSameStackIsShownOnceInAWhileAndEachIncidentHasItsLine() throws Exception {
        closed("m", 1, (request, response, next) -> {
            throw new IllegalStateException("password=hunter2\nforged record");
        });
        String first = incident(serve());
        String second = incident(serve());
        assertThat(logged.records()).hasSize(2);
        assertThat(logged.records().get(0)).contains(first, "ContainmentTest");
        assertThat(logged.records().get(1))
                .contains(second, "IllegalStateException: password=hunter2", "the stack is at incident " + first)
                .doesNotContain("    at ", System.lineSeparator());
        closed("n", 2, (request, response, next) -> {
            throw new IllegalStateException("another place");
        });
        serve();
        assertThat(logged.records().get(2)).contains("    at ");
        chain.change(roster -> roster.retire(Set.of((long) "n".hashCode())), "test");
        time.advance(Duration.ofSeconds(10));
        serve();
        assertThat(logged.records().get(3)).contains("    at ");
    }

    @Test
    void whatComesFromBehindTheChainIsChargedToNobody() throws Exception {
        behind = (request, response) -> {
            throw new AssertionError("the servlet's");
        };
        Counted counted = closed("m", 1, Parts.PASSES);
        Counted open = open("open", 2, Parts.PASSES);
        Exchange exchange = serve();
        assertThat(exchange.status()).isEqualTo(500);
        assertThat(List.of(counted, open))
                .allSatisfy(each -> assertThat(each).hasToString("1 permitted, 1 succeeded, 0 failed"));
        assertThat(logged.records())
                .singleElement()
                .asString()
                .contains("behind the chain", "the servlet's", incident(exchange));
    }

    @Test
    void whatTheContainerOrAClientDidPassesUncharged() throws Exception {
        IOException gone = new IOException("broken pipe");
        gone.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("sun.nio.ch.SocketDispatcher", "write", null, 1),
            new StackTraceElement("org.eclipse.jetty.io.SocketChannelEndPoint", "flush", null, 1),
            new StackTraceElement("org.eclipse.jetty.ee10.servlet.HttpOutput", "flush", null, 1)
        });
        Counted counted = closed("m", 1, (request, response, next) -> {
            throw new ServletException("wrapped", gone);
        });
        assertThatThrownBy(this::serve).isSameAs(gone);
        assertThat(counted).hasToString("1 permitted, 1 succeeded, 0 failed");
        assertThat(logged.records()).isEmpty();
    }

    @Test
    void aBegunResponseIsAbortedByAnExceptionThatCarriesNothingOfTheBundles() {
        Exchange exchange = new Exchange("/");
        closed("m", 1, (request, response, next) -> {
            exchange.commit();
            throw new IllegalStateException("x");
        });
        assertThatThrownBy(() -> serve(exchange))
                .isExactlyInstanceOf(Aborted.class)
                .hasNoCause()
                .hasNoSuppressedExceptions();
        assertThat(logged.records()).singleElement().asString().contains("aborted");
    }

    @Test
    void aServletsFailureThatTheContainerKeepsToItselfAbortsABegunResponse() {
        Counted counted = closed("m", 1, Parts.PASSES);
        Exchange exchange = new Exchange("/");
        behind = (request, response) -> {
            exchange.commit();
            request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, new IllegalStateException("the servlet's"));
        };
        assertThatThrownBy(() -> serve(exchange)).isExactlyInstanceOf(Aborted.class);
        assertThat(counted).hasToString("1 permitted, 1 succeeded, 0 failed");
    }

    @Test
    void anExceptionWhoseOwnMethodsThrowIsContainedToo() throws Exception {
        closed("m", 1, (request, response, next) -> {
            throw new RuntimeException() {
                @Override
                public String getMessage() {
                    throw new IllegalStateException("no message");
                }

                @Override
                public synchronized Throwable getCause() {
                    throw new StackOverflowError();
                }

                @Override
                public StackTraceElement[] getStackTrace() {
                    return null;
                }

                @Override
                public String toString() {
                    throw new IllegalStateException("no text");
                }
            };
        });
        Exchange exchange = serve();
        assertThat(exchange.status()).isEqualTo(500);
        assertThat(logged.records()).singleElement().asString().contains(incident(exchange), "one of its methods");
    }

    @Test
    void aFailOpenMiddlewareThatFailsAtOnceIsPassed() throws Exception {
        Counted open = open("open", 2, throwing(new RuntimeException("x")));
        closed("inner", 1, Parts.PASSES);
        assertThat(serve().status()).isEqualTo(200);
        assertThat(ran).containsExactly("open", "inner", "end");
        assertThat(open).hasToString("1 permitted, 0 succeeded, 1 failed");
        assertThat(logged.records()).singleElement().asString().contains("went on without it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "header", "stream", "request body"})
    void aFailOpenMiddlewareThatHasTouchedTheExchangeFailsClosed(String touch) throws Exception {
        open("open", 2, (request, response, next) -> {
            switch (touch) {
                case "status" -> response.setStatus(201);
                case "header" -> response.setHeader("X", "y");
                case "stream" -> response.getOutputStream().write('x');
                default -> request.getInputStream();
            }
            throw new RuntimeException("x");
        });
        assertThat(serve().status()).isEqualTo(500);
        assertThat(ran).containsExactly("open");
    }

    @Test
    void theAnswerOfTheRestStandsWhenAFailOpenMiddlewareFailsAfterIt() throws Exception {
        open("open", 2, (request, response, next) -> {
            next.proceed(request, response);
            throw new RuntimeException("x");
        });
        closed("inner", 1, (request, response, next) -> response.setStatus(202));
        assertThat(serve().status()).isEqualTo(202);
        assertThat(logged.records()).singleElement().asString().contains("stands");
    }

    @Test
    void noAnswerStandsThatAFailOpenMiddlewareMayHaveHeldBack() throws Exception {
        open("open", 2, (request, response, next) -> {
            next.proceed(request, new HttpServletResponseWrapper(response));
            throw new RuntimeException("x");
        });
        assertThat(serve().status()).isEqualTo(500);
    }

    @Test
    void aLatersFailureIsNoReasonToPassAFailOpenMiddleware() throws Exception {
        Counted open = open("open", 2, Parts.PASSES);
        closed("inner", 1, throwing(new RuntimeException("x")));
        assertThat(serve().status()).isEqualTo(500);
        assertThat(ran).containsExactly("open", "inner");
        assertThat(open).hasToString("1 permitted, 1 succeeded, 0 failed");
    }

    @Test
    void aTrippedUnitIsNotCalled() throws Exception {
        Counted tripped = closed("m", 1, Parts.PASSES);
        tripped.open = false;
        Exchange refused = serve();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers).containsKey("Retry-After");
        assertThat(ran).isEmpty();
        chain.change(roster -> roster.retire(Set.of((long) "m".hashCode())), "test");
        open("n", 1, Parts.PASSES).open = false;
        assertThat(serve().status()).isEqualTo(200);
        assertThat(ran).containsExactly("end");
    }

    @Test
    void anInterruptGoesNoFurtherThanTheMiddlewareThatSetIt() throws Exception {
        List<Boolean> seen = new ArrayList<>();
        closed("outer", 3, (request, response, next) -> {
            Thread.currentThread().interrupt();
            next.proceed(request, response);
            seen.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
        });
        closed("inner", 2, (request, response, next) -> {
            seen.add(Thread.currentThread().isInterrupted());
            next.proceed(request, response);
            Thread.currentThread().interrupt();
        });
        behind = (request, response) -> {
            seen.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
        };
        serve();
        assertThat(seen).containsExactly(false, false, false);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /** Its stack is the bundle's code, as its message is. */
    private static final class Hollow extends RuntimeException {
        private static final long serialVersionUID = 1;

        Hollow() {
            super("hollow", new IllegalStateException("cause"));
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[] {null};
        }
    }

    @Test
    void aFailureWhoseStackCannotBeReadIsAnsweredLoggedAndGivesItsLeaseBack() throws Exception {
        closed("a", 1, throwing(new Hollow()));
        assertThat(serve().status()).isEqualTo(500);
        assertThat(logged.records()).anyMatch(record -> record.contains("Hollow: hollow"));
        assertThat(chain.leases()).isEmpty();
    }

    /** What the log makes of it may still fail, with no memory left, say: the lease isn't its hostage. */
    @Test
    void aLeaseIsGivenBackThoughTheLogFails() throws Exception {
        closed("a", 1, throwing(new IllegalStateException("a fails")));
        Filter failing = record -> {
            throw new OutOfMemoryError("a test's");
        };
        Logger of = Logger.getLogger(Failures.class.getName());
        of.setFilter(failing);
        try {
            assertThatThrownBy(this::serve).isInstanceOf(OutOfMemoryError.class);
        } finally {
            of.setFilter(null);
        }
        assertThat(chain.leases()).isEmpty();
    }

    @Test
    void whatIsRefusedInTheMiddleOfACommittedResponseAbortsIt() throws Exception {
        Exchange exchange = new Exchange("/");
        Counted early = closed("a", 2, (request, response, next) -> {
            exchange.commit();
            next.proceed(request, response);
        });
        closed("b", 1, Parts.PASSES).open = false;
        assertThatThrownBy(() -> entrance.serve(exchange.request, exchange.response, behind))
                .isInstanceOf(Aborted.class);
        assertThat(early.failed).isZero();
        assertThat(ran).containsExactly("a");
        assertThat(logged.records()).anyMatch(record -> record.contains("aborted"));
        assertThat(chain.leases()).isEmpty();
    }

    /** Felix HTTP leaves a servlet's exception on the request. */
    @Test
    void aRetryThatSucceedsIsNotAbortedForTheFailureBeforeIt() throws Exception {
        Exchange exchange = new Exchange("/");
        behind = (request, response) -> {
            ran.add("end");
            if (ran.size() == 2) {
                request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, new IllegalStateException("the first time"));
            } else {
                exchange.commit();
            }
        };
        closed("retries", 1, (request, response, next) -> {
            next.proceed(request, response);
            next.proceed(request, response);
        });
        serve(exchange);
        assertThat(ran).containsExactly("retries", "end", "end");
        assertThat(exchange.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "Multipart/Form-Data; boundary=x"})
    void aFailOpenMiddlewareThatHasReadAFormIsNotPassed(String type) throws Exception {
        Exchange exchange = new Exchange("/");
        open("form", 1, (request, response, next) -> {
            request.getParameter("user");
            throw new IllegalStateException("form");
        });
        entrance.serve(
                new HttpServletRequestWrapper(exchange.request) {
                    @Override
                    public String getContentType() {
                        return type;
                    }
                },
                exchange.response,
                behind);
        assertThat(exchange.status()).isEqualTo(500);
        assertThat(ran).containsExactly("form");
    }

    @Test
    void aFailOpenMiddlewareThatHasReadAQueryIsPassed() throws Exception {
        open("query", 1, (request, response, next) -> {
            request.getParameterMap();
            throw new IllegalStateException("query");
        });
        assertThat(serve().status()).isEqualTo(200);
        assertThat(ran).containsExactly("query", "end");
    }

    private static Throwable madeIn(Throwable thrown, String type, String method) {
        thrown.setStackTrace(new StackTraceElement[] {
            new StackTraceElement(type, method, null, 1), new StackTraceElement("org.auth.Auth", "handle", null, 1)
        });
        return thrown;
    }

    /** An attacker must not be able to trip {@code auth} with a header. */
    @Test
    void aRequestThatCantBeUnderstoodIsABadOneAndNobodysFailure() throws Exception {
        Counted auth = closed(
                "auth",
                1,
                throwing(madeIn(
                        new IllegalArgumentException("Cannot parse date"),
                        "org.eclipse.jetty.ee10.servlet.ServletApiRequest",
                        "getDateHeader")));
        Exchange exchange = serve();
        assertThat(exchange.status()).isEqualTo(400);
        assertThat(exchange.body()).contains("can't be understood").doesNotContain("incident");
        assertThat(auth).hasToString("1 permitted, 1 succeeded, 0 failed");
        assertThat(logged.records()).isEmpty();
    }

    @Test
    void aWriteAfterSendErrorIsAFailureOfWhoWrites() throws Exception {
        Throwable closed = madeIn(
                new org.eclipse.jetty.io.EofException("Closed"),
                "org.eclipse.jetty.ee10.servlet.HttpOutput",
                "checkWritable");
        Exchange exchange = new Exchange("/secret");
        Counted auth = closed("auth", 1, (request, response, next) -> {
            request.setAttribute("org.eclipse.jetty.server.error_status", 403);
            exchange.commit();
            sneak(closed);
        });
        serve(exchange);
        assertThat(auth).hasToString("1 permitted, 0 succeeded, 1 failed");
        assertThat(logged.records()).anySatisfy(record -> assertThat(record).contains("incident", "auth"));
        assertThat(exchange.attributes).containsEntry("org.eclipse.jetty.server.error_status", 500);
    }
}
