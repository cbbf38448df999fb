package dev.sluice.listener;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty with the watch before a servlet that suspends requests, and a test that decides when they end. */
final class WatchedServer extends HttpServlet implements AutoCloseable {

    /** A suspended request: the test answers it, and sees what its listeners are told. */
    static final class Suspended {
        final String query;
        final AsyncContext context;
        final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
        final CountDownLatch completed = new CountDownLatch(1);
        volatile String body = "";

        Suspended(String query, AsyncContext context) {
            this.query = query;
            this.context = context;
        }

        void answer() throws IOException {
            byte[] text = ("answer to " + query + body).getBytes(StandardCharsets.UTF_8);
            context.getResponse().setContentLength(text.length);
            context.getResponse().getOutputStream().write(text);
            context.complete();
        }

        Optional<Throwable> error() throws InterruptedException {
            return Optional.ofNullable(errors.poll(20, TimeUnit.SECONDS));
        }
    }

    final BlockingQueue<Suspended> suspended = new LinkedBlockingQueue<>();
    /** While it is not null, a request stays on its thread after it has been suspended. */
    volatile CountDownLatch lingers;

    /** How often the chain was told that a request is over. */
    final AtomicInteger over = new AtomicInteger();

    private final Server server;
    private final ServerConnector connector;

    WatchedServer(boolean virtualThreads, Optional<ClientWatch> watch) throws Exception {
        QueuedThreadPool pool = new QueuedThreadPool(20);
        if (virtualThreads) {
            pool.setVirtualThreadsExecutor(virtualThreads());
        }
        server = new Server(pool);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory());
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setIdleTimeout(120_000);
        connector.setAcceptQueueSize(2_000);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        watch.ifPresent(present -> {
            FilterHolder holder = new FilterHolder((Filter) (request, response, chain) -> {
                chain.doFilter(request, response);
                watchOnce((HttpServletRequest) request, present);
            });
            holder.setAsyncSupported(true);
            context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        });
        ServletHolder holder = new ServletHolder(this);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        server.setHandler(context);
        server.start();
    }

    /** As the chain does. */
    private void watchOnce(HttpServletRequest request, ClientWatch watch) {
        if (request.isAsyncStarted() && request.getAttribute("watched") == null) {
            request.setAttribute("watched", true);
            request.setAttribute(
                    ClientWatch.WATCHED_ATTRIBUTE, !request.getRequestURI().startsWith("/unwatched"));
            watch.accept(request, over::incrementAndGet);
        }
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    private static Executor virtualThreads() throws NoSuchMethodException, IllegalAccessException {
        try {
            return (Executor)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    int connections() {
        return connector.getConnectedEndPoints().size();
    }

    /** Whether the server has noticed that a client sends no more. */
    boolean hasSeenAnEnd() {
        return connector.getConnectedEndPoints().stream().anyMatch(EndPoint::isInputShutdown);
    }

    /** Whether anything wants to know when a client sends something. */
    boolean waitsToRead() {
        return connector.getConnectedEndPoints().stream().anyMatch(EndPoint::isFillInterested);
    }

    Suspended next() throws InterruptedException {
        Suspended next = suspended.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request was suspended");
        }
        return next;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getPathInfo().equals("/at-once")) {
            response.getOutputStream().print("answer to " + request.getQueryString());
            return;
        }
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        Suspended one = new Suspended(request.getQueryString(), context);
        context.addListener(new Told(one));
        switch (request.getPathInfo()) {
            case "/reads" ->
                request.getInputStream().setReadListener(new Reader(one, suspended, request.getInputStream()));
            case "/has-read" -> {
                one.body = " with " + request.getInputStream().readAllBytes().length;
                suspended.add(one);
            }
            case "/writes" -> {
                response.getOutputStream().setWriteListener(new Endless(one, response));
                suspended.add(one);
            }
            default -> suspended.add(one);
        }
        linger();
    }

    private void linger() {
        CountDownLatch until = lingers;
        if (until != null) {
            try {
                until.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private record Told(Suspended request) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            request.completed.countDown();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {
            request.errors.add(event.getThrowable());
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    private record Reader(Suspended request, BlockingQueue<Suspended> queue, ServletInputStream in)
            implements ReadListener {
        @Override
        public void onDataAvailable() throws IOException {
            byte[] buffer = new byte[1024];
            while (in.isReady() && !in.isFinished()) {
                in.read(buffer);
            }
        }

        @Override
        public void onAllDataRead() {
            request.body = " with a body";
            queue.add(request);
        }

        @Override
        public void onError(Throwable failure) {
            request.errors.add(failure);
        }
    }

    private record Endless(Suspended request, HttpServletResponse response) implements WriteListener {
        @Override
        public void onWritePossible() throws IOException {
            while (response.getOutputStream().isReady()) {
                response.getOutputStream().write(new byte[8192]);
            }
        }

        @Override
        public void onError(Throwable failure) {
            request.errors.add(failure);
            request.context.complete();
        }
    }
}
