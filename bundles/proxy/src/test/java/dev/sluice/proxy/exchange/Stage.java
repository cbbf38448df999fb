package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.Ejection;
import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.Retries;
import dev.sluice.proxy.config.Rewriting;
import dev.sluice.proxy.config.RouteSettings;
import dev.sluice.proxy.config.Strip;
import dev.sluice.proxy.config.Timeouts;
import dev.sluice.proxy.config.Tls;
import dev.sluice.proxy.route.Visit;
import dev.sluice.proxy.route.Way;
import dev.sluice.proxy.upstream.Pool;
import dev.sluice.proxy.upstream.Pools;
import dev.sluice.proxy.upstream.RetryBudget;
import dev.sluice.proxy.upstream.Upstream;
import dev.sluice.proxy.upstream.Upstreams;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server with the servlet, and one route to the upstreams of the test. */
final class Stage implements AutoCloseable {

    private final Pools pools = new Pools();
    private final List<CountingUpstream> upstreams = new ArrayList<>();
    private final AtomicInteger visits = new AtomicInteger();
    private final AtomicInteger leases = new AtomicInteger();
    private volatile BooleanSupplier bodyRead = () -> false;
    private final Server server = new Server();
    private final ServerConnector connector;
    private final AtomicReference<Throwable> escaped = new AtomicReference<>();

    private Duration idle = Duration.ofSeconds(20);
    private Duration whole = Duration.ZERO;
    private Rewriting rewriting = new Rewriting(Rewriting.Host.KEEP, Rewriting.Forwarded.SET, "sluice", false, false);
    private String strip = "";
    private volatile UnaryOperator<HttpServletRequest> middleware = request -> request;
    private volatile UnaryOperator<HttpServletResponse> answers = response -> response;
    private int retries = 1;
    private RetryBudget budget = new RetryBudget(100, System::nanoTime);
    private int queue = 100;
    private Duration queueTime = Duration.ofSeconds(5);
    private Duration connectTime = Duration.ofSeconds(2);
    private int connections = 100;
    private PoolSettings.Http http = PoolSettings.Http.HTTP_1_1;

    Stage(int... ports) throws Exception {
        for (int port : ports) {
            upstream("127.0.0.1", port, "");
        }
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // As the container's listeners have it.
        http.setResponseHeaderSize(16 * 1024);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder holder = new ServletHolder(new ProxyServlet(path -> {
            visits.incrementAndGet();
            return new Way.Along(new OneRoute());
        }));
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/");
        FilterHolder leases = new FilterHolder((Filter) this::lease);
        leases.setAsyncSupported(true);
        context.addFilter(leases, "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.start();
    }

    /** What the listener's bundle does for the chain: whoever holds something for a request must get to know its end. */
    private void lease(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        leases.incrementAndGet();
        bodyRead = ServletContextRequest.getServletContextRequest(request).getHttpInput()::isFinished;
        Request.addCompletionListener(
                ServletContextRequest.getServletContextRequest(request), failure -> leases.decrementAndGet());
        chain.doFilter(middleware.apply((HttpServletRequest) request), answers.apply((HttpServletResponse) response));
    }

    /** {@return whether the last request's body was read to its end, which is where a client that leaves begins to be noticed} */
    boolean isBodyRead() {
        return bodyRead.getAsBoolean();
    }

    Stage upstream(String host, int port, String basePath) {
        upstreams.add(new CountingUpstream(new Address("http", host, port, basePath)));
        return this;
    }

    Stage idle(Duration time) {
        idle = time;
        return this;
    }

    Stage whole(Duration time) {
        whole = time;
        return this;
    }

    Stage rewriting(Rewriting what) {
        rewriting = what;
        return this;
    }

    Stage strip(String prefix) {
        strip = prefix;
        return this;
    }

    /** What a middleware in front makes of the request. */
    Stage wrapping(UnaryOperator<HttpServletRequest> wrapper) {
        middleware = wrapper;
        return this;
    }

    /** What a middleware in front makes of the response. */
    Stage wrappingAnswers(UnaryOperator<HttpServletResponse> wrapper) {
        answers = wrapper;
        return this;
    }

    /** What a middleware in front has said before. */
    Stage answering(Consumer<HttpServletResponse> head) {
        return wrappingAnswers(response -> {
            head.accept(response);
            return response;
        });
    }

    Stage retries(int max) {
        retries = max;
        return this;
    }

    Stage budget(RetryBudget what) {
        budget = what;
        return this;
    }

    Stage connections(int max, int waiting) {
        connections = max;
        queue = waiting;
        return this;
    }

    Stage queueTime(Duration time) {
        queueTime = time;
        connectTime = time;
        return this;
    }

    Stage http2() {
        http = PoolSettings.Http.HTTP_2;
        return this;
    }

    Stage clientIdle(Duration time) {
        connector.setIdleTimeout(time.toMillis());
        return this;
    }

    int port() {
        return connector.getLocalPort();
    }

    CountingUpstream upstream(int index) {
        return upstreams.get(index);
    }

    /** {@return how many requests are on the route} */
    int visits() {
        return visits.get();
    }

    Client client() throws Exception {
        return new Client(port());
    }

    /** Waits until so many connections to upstreams can be used again: a moment after the client has its answer. */
    void awaitIdle(int connections) throws InterruptedException {
        await(connections + " idle connections", () -> idle() == connections);
    }

    /** {@return how many requests wait for a connection} */
    int queued() {
        Pool pool = new OneRoute().pool();
        try {
            return pool.client().getDestinations().stream()
                    .mapToInt(destination -> ((HttpDestination) destination).getQueuedRequestCount())
                    .sum();
        } finally {
            pools.release(pool);
        }
    }

    private int idle() {
        Pool pool = new OneRoute().pool();
        try {
            return pool.client().getDestinations().stream()
                    .mapToInt(destination ->
                            ((AbstractConnectionPool) destination.getConnectionPool()).getIdleConnectionCount())
                    .sum();
        } finally {
            pools.release(pool);
        }
    }

    /** Waits for something that must come true. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came true: " + what);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Override
    public void close() throws Exception {
        await("every request to be complete", () -> visits.get() == 0 && leases.get() == 0);
        server.stop();
        pools.close();
        if (escaped.get() != null) {
            throw new AssertionError(escaped.get());
        }
    }

    private final class OneRoute implements Visit, Upstreams {

        private final RouteSettings settings = new RouteSettings(
                "test",
                List.of("/*"),
                List.of(),
                Strip.NOTHING,
                new Timeouts(idle, whole, queueTime),
                new Retries(retries, 100),
                Optional.empty(),
                new Ejection(0, Duration.ofSeconds(1)),
                new PoolSettings(
                        connectTime,
                        Duration.ofSeconds(20),
                        connections,
                        queue,
                        false,
                        new Tls(Optional.empty(), true),
                        http),
                rewriting);

        @Override
        public RouteSettings settings() {
            return settings;
        }

        @Override
        public Upstreams upstreams() {
            return this;
        }

        @Override
        public Pool pool() {
            return pools.acquire(settings.pool());
        }

        @Override
        public RetryBudget retryBudget() {
            return budget;
        }

        @Override
        public String strip() {
            return strip;
        }

        @Override
        public void leave() {
            if (visits.decrementAndGet() < 0) {
                escaped.set(new AssertionError("left twice"));
            }
        }

        @Override
        public List<Upstream> all() {
            return List.copyOf(upstreams);
        }

        @Override
        public Optional<Upstream> choose(Collection<Upstream> tried) {
            return upstreams.stream()
                    .filter(upstream -> !tried.contains(upstream))
                    .map(upstream -> (Upstream) upstream)
                    .findFirst();
        }
    }
}
