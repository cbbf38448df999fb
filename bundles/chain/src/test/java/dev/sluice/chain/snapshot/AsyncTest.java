package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chain.DrainOutcome;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.middleware.Middleware;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asynchronous requests on a real server: the lease is held until the response is complete, and given back once. */
@Timeout(60)
class AsyncTest {

    @FunctionalInterface
    private interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Chain chain = new Chain(System::nanoTime, timer);
    private final Entrance entrance = new Entrance(chain, Parts.waitingRoom(), this::suspended);
    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    /** Asynchronous contexts that were started, for the test to go on with. */
    private final BlockingQueue<AsyncContext> parked = new LinkedBlockingQueue<>();

    private final CountDownLatch returned = new CountDownLatch(1);
    private volatile boolean watched;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private volatile Handler end = (request, response) -> {};

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        FilterHolder filter = new FilterHolder((request, response, behind) -> {
            try {
                entrance.serve((HttpServletRequest) request, (HttpServletResponse) response, behind);
            } finally {
                returned.countDown();
            }
        });
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        ServletHolder servlet = new ServletHolder(new HttpServlet() {
            private static final long serialVersionUID = 1;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws IOException, ServletException {
                ran.add("end " + request.getDispatcherType());
                end.handle(request, response);
            }
        });
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/*");
        server.setHandler(context);
        server.start();
        chain.open();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        timer.shutdownNow();
    }

    private void join(String name, int ranking, Middleware middleware) {
        Provider provider = provider(name, 1, 1, spec(ranking), (request, response, next) -> {
            ran.add(name + " " + request.getDispatcherType());
            middleware.handle(request, response, next);
        });
        chain.change(roster -> roster.join(provider), "test");
    }

    private void joinOpen(Middleware middleware) {
        Provider provider = provider("open", 1, 1, spec(9, FailureMode.OPEN), middleware);
        chain.change(roster -> roster.join(provider), "test");
    }

    private CompletableFuture<HttpResponse<String>> get() {
        return send("GET", "");
    }

    private CompletableFuture<HttpResponse<String>> send(String method, String body) {
        URI uri = URI.create("http://localhost:" + connector.getLocalPort() + "/x");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<DrainOutcome> drain() {
        chain.change(roster -> roster.retire(Set.of(1L)), "test");
        return chain.drains().drain(1, Duration.ofSeconds(30));
    }

    private void park(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        parked.add(context);
    }

    /** As the listener's bundle does. */
    private void suspended(HttpServletRequest request, Runnable whenOver) {
        if (watched) {
            Request.addCompletionListener(
                    ServletContextRequest.getServletContextRequest(request), failure -> whenOver.run());
        }
    }

    private AsyncContext parkedNow() throws InterruptedException {
        AsyncContext context = parked.poll(10, TimeUnit.SECONDS);
        assertThat(context).isNotNull();
        return context;
    }

    private void isGivenBack(CompletableFuture<DrainOutcome> drain) throws Exception {
        // Given back more than once, a stripe would stand below zero, and the drain would never end.
        assertThat(drain.get(10, TimeUnit.SECONDS).drained()).isTrue();
        assertThat(chain.leases()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"set", "asked for", "thrown", "set later", "asked for later"})
    void anAnswerOf500OrAboveCountsAsOne(String how) throws Exception {
        join("m", 1, Parts.PASSES);
        chain.change(
                roster -> roster.split(
                        List.of(new Split("m", List.of(new Share(1, "one", 1), new Share(2, "two", 1)), Sticky.NONE))),
                "observed");
        end = (request, response) -> {
            switch (how) {
                case "set" -> response.setStatus(503);
                case "asked for" -> response.sendError(502);
                case "thrown" -> throw new IllegalStateException("behind the chain");
                default -> park(request, response);
            }
        };
        CompletableFuture<HttpResponse<String>> response = get();
        if (how.endsWith("later")) {
            AsyncContext context = parkedNow();
            HttpServletResponse parkedResponse = (HttpServletResponse) context.getResponse();
            if (how.startsWith("set")) {
                parkedResponse.setStatus(500);
            } else {
                parkedResponse.sendError(500);
            }
            context.complete();
        }
        assertThat(response.get().statusCode()).isGreaterThanOrEqualTo(500);
        while (chain.figures(1).get(0).requests() == 0) {
            assertThat(Thread.interrupted()).as("the test's time is over").isFalse();
            Thread.onSpinWait();
        }
        assertThat(chain.figures(1).get(0).serverErrors()).isEqualTo(1);
        assertThat(chain.figures(1).get(0).failures()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLateErrorIsItsOwnUnlessItHasHandedTheRequestOn(boolean own) throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        join("m", 1, (request, response, next) -> {
            AsyncContext context = request.startAsync(request, response);
            context.setTimeout(0);
            new Thread(() -> {
                        try {
                            back.await();
                            if (own) {
                                response.setStatus(500);
                            } else {
                                next.proceed(request, response);
                            }
                            context.complete();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    })
                    .start();
        });
        chain.change(
                roster -> roster.split(
                        List.of(new Split("m", List.of(new Share(1, "one", 1), new Share(2, "two", 1)), Sticky.NONE))),
                "observed");
        end = (request, response) -> response.setStatus(500);
        CompletableFuture<HttpResponse<String>> response = get();
        returned.await();
        back.countDown();
        assertThat(response.get().statusCode()).isEqualTo(500);
        // The lease is given back when all of it is counted.
        while (!chain.leases().isEmpty()) {
            assertThat(Thread.interrupted()).as("the test's time is over").isFalse();
            Thread.onSpinWait();
        }
        assertThat(chain.figures(1).get(0).serverErrors()).isEqualTo(1);
        assertThat(chain.figures(1).get(0).ownErrors()).isEqualTo(own ? 1 : 0);
    }

    @Test
    void isHeldUntilAnotherThreadCompletes() throws Exception {
        join("m", 1, Parts.PASSES);
        end = this::park;
        CompletableFuture<HttpResponse<String>> response = get();
        AsyncContext context = parkedNow();
        returned.await();
        CompletableFuture<DrainOutcome> drain = drain();
        assertThat(drain).isNotDone();
        assertThat(chain.leases()).hasSize(1);
        context.getResponse().getWriter().write("done");
        context.complete();
        assertThat(response.get().body()).isEqualTo("done");
        isGivenBack(drain);
    }

    @Test
    void isGivenBackWhenItCompletesBeforeTheDispatchReturns() throws Exception {
        join("m", 1, Parts.PASSES);
        end = (request, response) -> request.startAsync().complete();
        assertThat(get().get().statusCode()).isEqualTo(200);
        isGivenBack(drain());
    }

    @Test
    void aDispatchFromTheEndRunsNoMiddlewareAgain() throws Exception {
        join("m", 1, Parts.PASSES);
        end = (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                park(request, response);
            } else {
                response.getWriter().write("again");
            }
        };
        CompletableFuture<HttpResponse<String>> response = get();
        AsyncContext context = parkedNow();
        CompletableFuture<DrainOutcome> drain = drain();
        context.dispatch();
        assertThat(response.get().body()).isEqualTo("again");
        isGivenBack(drain);
        assertThat(ran).containsExactly("m REQUEST", "end REQUEST", "end ASYNC");
    }

    @Test
    void aDispatchFromAMiddlewareGoesOnWithItAndNotPastIt() throws Exception {
        join("first", 3, Parts.PASSES);
        join("parks", 2, (request, response, next) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                park(request, response);
            } else {
                next.proceed(request, response);
            }
        });
        join("last", 1, Parts.PASSES);
        CompletableFuture<HttpResponse<String>> response = get();
        AsyncContext context = parkedNow();
        returned.await();
        CompletableFuture<DrainOutcome> drain = drain();
        assertThat(drain).isNotDone();
        context.dispatch();
        assertThat(response.get().statusCode()).isEqualTo(200);
        isGivenBack(drain);
        assertThat(ran).containsExactly("first REQUEST", "parks REQUEST", "parks ASYNC", "last ASYNC", "end ASYNC");
    }

    @Test
    void aDispatchOfAWrappedRequestFindsItsLease() throws Exception {
        join("wraps", 2, (request, response, next) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                parked.add(request.startAsync(new HttpServletRequestWrapper(request), response));
            } else {
                next.proceed(new HttpServletRequestWrapper(request), response);
            }
        });
        join("last", 1, Parts.PASSES);
        CompletableFuture<HttpResponse<String>> response = get();
        parkedNow().dispatch();
        assertThat(response.get().statusCode()).isEqualTo(200);
        isGivenBack(drain());
        assertThat(ran).containsExactly("wraps REQUEST", "wraps ASYNC", "last ASYNC", "end ASYNC");
    }

    @Test
    void aMiddlewareMayGoOnOnAThreadOfItsOwn() throws Exception {
        join("async", 2, (request, response, next) -> {
            AsyncContext context = request.startAsync();
            Thread thread = new Thread(() -> {
                try {
                    returned.await();
                    next.proceed(request, response);
                } catch (Exception e) {
                    ran.add(e.toString());
                }
                context.complete();
            });
            thread.start();
        });
        join("last", 1, Parts.PASSES);
        assertThat(get().get().statusCode()).isEqualTo(200);
        isGivenBack(drain());
        assertThat(ran).containsExactly("async REQUEST", "last REQUEST", "end REQUEST");
    }

    @Test
    void aFailOpenMiddlewareThatFailsAfterADispatchMayHaveReadTheBody() throws Exception {
        joinOpen((request, response, next) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                park(request, response);
            } else {
                request.getInputStream().read();
                throw new IllegalStateException("on purpose");
            }
        });
        CompletableFuture<HttpResponse<String>> response = send("POST", "body");
        parkedNow().dispatch();
        assertThat(response.get().statusCode()).isEqualTo(500);
        isGivenBack(drain());
        assertThat(ran).as("nothing goes on with half a body").isEmpty();
    }

    @Test
    void aFailOpenMiddlewareThatFailsAfterADispatchOfTheChainsRequestIsSeenNotToHaveReadTheBody() throws Exception {
        joinOpen((request, response, next) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                parked.add(request.startAsync(request, response));
            } else {
                throw new IllegalStateException("on purpose");
            }
        });
        CompletableFuture<HttpResponse<String>> response = send("POST", "body");
        parkedNow().dispatch();
        assertThat(response.get().statusCode()).isEqualTo(200);
        isGivenBack(drain());
        assertThat(ran).containsExactly("end ASYNC");
    }

    @Test
    void startingAnewKeepsTheLease() throws Exception {
        join("m", 1, Parts.PASSES);
        end = this::park;
        CompletableFuture<HttpResponse<String>> response = get();
        AsyncContext first = parkedNow();
        CompletableFuture<DrainOutcome> drain = drain();
        first.dispatch();
        AsyncContext second = parkedNow();
        second.dispatch();
        AsyncContext third = parkedNow();
        assertThat(drain).isNotDone();
        assertThat(chain.leases()).hasSize(1);
        third.complete();
        assertThat(response.get().statusCode()).isEqualTo(200);
        isGivenBack(drain);
        assertThat(ran).containsExactly("m REQUEST", "end REQUEST", "end ASYNC", "end ASYNC");
    }

    @Test
    void aFailureAfterAnErrorWasAskedForIsAnsweredWithItsIncident() throws Exception {
        join("m", 1, (request, response, next) -> {
            response.sendError(418, "as asked for");
            throw new IllegalStateException("on purpose");
        });
        HttpResponse<String> answer = get().get();
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("Incident").doesNotContain("on purpose");
        isGivenBack(drain());
    }

    /** On a real connection, and as Jetty really throws it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatGoesAwayIsChargedToNobody(boolean reading) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        List<Optional<Throwable>> faults = Collections.synchronizedList(new ArrayList<>());
        join("m", 1, (request, response, next) -> {
            inside.countDown();
            try {
                if (reading) {
                    request.getInputStream().readAllBytes();
                } else {
                    gone.await();
                    while (true) {
                        response.getOutputStream().write(new byte[8192]);
                        response.flushBuffer();
                    }
                }
            } catch (IOException | InterruptedException e) {
                faults.add(Lease.of(request).connectionFault(e));
            }
        });
        try (Socket client = new Socket("localhost", connector.getLocalPort())) {
            client.getOutputStream()
                    .write("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"
                            .getBytes(StandardCharsets.US_ASCII));
            inside.await();
            client.setSoLinger(true, 0);
        }
        gone.countDown();
        returned.await();
        assertThat(faults).singleElement().matches(Optional::isPresent);
    }

    @Test
    void aFailureAfterTheResponseHasBegunAbortsIt() throws Exception {
        join("m", 1, (request, response, next) -> {
            response.getOutputStream().print("half a");
            response.flushBuffer();
            throw new IllegalStateException("on purpose");
        });
        CompletableFuture<HttpResponse<String>> answer = get();
        assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
        isGivenBack(drain());
    }

    @Test
    void aTimeoutGivesItBack() throws Exception {
        join("m", 1, Parts.PASSES);
        // Not shorter: Jetty notes its timer after it has set it, and a timer that goes off before it is noted counts
        // for
        // nothing (AsyncContextEvent.run). On a busy machine 50 ms pass between the two.
        end = (request, response) -> request.startAsync().setTimeout(1_000);
        assertThat(get().get().statusCode()).isEqualTo(500);
        isGivenBack(drain());
    }

    @Test
    void anErrorAfterAsynchronousProcessingHasStartedGivesItBack() throws Exception {
        join("m", 1, Parts.PASSES);
        end = (request, response) -> {
            park(request, response);
            throw new ServletException("on purpose");
        };
        assertThat(get().get().statusCode()).isEqualTo(500);
        isGivenBack(drain());
    }

    @Test
    void aClientThatGoesAwayGivesItBack() throws Exception {
        join("m", 1, Parts.PASSES);
        end = this::park;
        AsyncContext context;
        try (Socket client = new Socket("localhost", connector.getLocalPort())) {
            client.getOutputStream().write("GET /x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            context = parkedNow();
            returned.await();
            client.setSoLinger(true, 0); // a reset, and no farewell
        }
        CompletableFuture<DrainOutcome> drain = drain();
        try {
            // As a stream does: writes until it can't.
            while (true) {
                context.getResponse().getOutputStream().write(new byte[8192]);
                context.getResponse().flushBuffer();
            }
        } catch (IOException gone) {
            context.complete();
        }
        isGivenBack(drain);
    }

    /** Jetty tells no listener of these. */
    @ParameterizedTest
    @ValueSource(strings = {"aborted", "too short", "aborted after a dispatch", "too short after a dispatch"})
    void anAsynchronousResponseThatTheContainerAbortsGivesItBack(String how) throws Exception {
        watched = true;
        join("m", 1, Parts.PASSES);
        end = this::park;
        CompletableFuture<HttpResponse<String>> answer = get();
        AsyncContext context = parkedNow();
        returned.await();
        if (how.endsWith("dispatch")) {
            context.dispatch();
            context = parkedNow();
        }
        CompletableFuture<DrainOutcome> drain = drain();
        HttpServletResponse response = (HttpServletResponse) context.getResponse();
        response.setContentLength(100);
        response.getOutputStream().print("half an answer");
        response.flushBuffer();
        assertThat(drain).isNotDone();
        if (how.startsWith("aborted")) {
            response.sendError(-1);
        } else {
            context.complete();
        }
        isGivenBack(drain);
        assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void anAbortGivesItBackOnlyWhenTheThreadThatRunsTheRequestIsBack() throws Exception {
        watched = true;
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch aborted = new CountDownLatch(1);
        join("m", 1, Parts.PASSES);
        end = (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                park(request, response);
                return;
            }
            park(request, response);
            response.getWriter().write("half an answer");
            response.flushBuffer();
            inside.countDown();
            try {
                aborted.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        CompletableFuture<HttpResponse<String>> answer = get();
        parkedNow().dispatch();
        AsyncContext context = parkedNow();
        inside.await();
        CompletableFuture<DrainOutcome> drain = drain();
        ((HttpServletResponse) context.getResponse()).sendError(-1);
        assertThat(drain).as("a thread is in the middleware").isNotDone();
        assertThat(chain.leases()).hasSize(1);
        aborted.countDown();
        isGivenBack(drain);
        assertThatThrownBy(answer::get).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void nothingCanBeServedAfterItIsComplete() throws Exception {
        BlockingQueue<Runnable> late = new LinkedBlockingQueue<>();
        join("m", 1, (request, response, next) -> {
            park(request, response);
            late.add(() -> {
                try {
                    next.proceed(request, response);
                } catch (IOException | ServletException e) {
                    throw new AssertionError(e);
                }
            });
        });
        CompletableFuture<HttpResponse<String>> response = get();
        parkedNow().complete();
        response.get();
        isGivenBack(drain());
        assertThatThrownBy(() -> late.take().run()).isInstanceOf(IllegalStateException.class);
        assertThat(ran).containsExactly("m REQUEST");
    }
}
