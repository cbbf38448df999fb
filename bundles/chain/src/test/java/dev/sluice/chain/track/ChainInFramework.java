package dev.sluice.chain.track;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.Operator;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.conf.ChainConfiguration;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.Keys;
import dev.sluice.chain.fixture.OsgiFramework;
import dev.sluice.chain.fixture.OverrideFixture;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/** The chain in a framework, as its bundle would run it, and requests that go through its filter. */
final class ChainInFramework implements AutoCloseable {

    final OsgiFramework framework;
    final ChainComponent chain;
    final OverrideFixture overrides;

    private final Bundle bundle;

    ChainInFramework(Path storage, String inplaceDrainTimeout, String... configuration) throws Exception {
        framework = new OsgiFramework(storage);
        bundle = framework.start("dev.sluice.chain", "1.0.0");
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < configuration.length; i += 2) {
            properties.put(configuration[i], configuration[i + 1]);
        }
        chain = new ChainComponent(bundle.getBundleContext(), configuration(inplaceDrainTimeout), properties);
        overrides = new OverrideFixture(framework.context());
        chain.bindConfigurations(overrides.admin);
        chain.open();
    }

    /** For tests of holding. */
    static ChainInFramework holding(Path storage, String holdTimeout, int holdLimit) throws Exception {
        ChainInFramework made = new ChainInFramework(storage, "1m");
        made.chain.modified(configuration("1m", holdTimeout, String.valueOf(holdLimit), ""), Map.of());
        return made;
    }

    /** Nothing is held for longer than a moment, and nothing is required. */
    static ChainConfiguration configuration(String inplaceDrainTimeout) {
        return configuration(inplaceDrainTimeout, "0s", "1000", "");
    }

    static ChainConfiguration configuration(
            String inplaceDrainTimeout, String holdTimeout, String holdLimit, String required) {
        return Keys.of(
                ChainConfiguration.class,
                Map.of(
                        "inplace.drain.timeout", inplaceDrainTimeout,
                        "hold.timeout", holdTimeout,
                        "override.settle", "0s",
                        "hold.limit", holdLimit,
                        "chain.required", required));
    }

    /** Marks the thread, as the door of the admin does: in a class that no bundle's code is in. */
    static Operator.Mark operator() {
        return Operator.mark("admin");
    }

    ChainControl control() {
        return chain;
    }

    /** Has a bundle register a middleware, that names itself with its bundle's version in a header, whenever it starts. */
    Bundle installed(String symbolicName, String version, String name) throws Exception {
        framework.onStart(symbolicName, context -> register(context, name));
        return framework.install(symbolicName, version);
    }

    static ServiceRegistration<Middleware> register(BundleContext context, String name, Object... properties) {
        String version = context.getBundle().getVersion().toString();
        return register(
                context,
                (request, response, next) -> {
                    response.setHeader(name, version);
                    next.proceed(request, response);
                },
                properties(name, properties));
    }

    static ServiceRegistration<Middleware> register(
            BundleContext context, Middleware middleware, Hashtable<String, Object> properties) {
        return context.registerService(Middleware.class, middleware, properties);
    }

    static Hashtable<String, Object> properties(String name, Object... more) {
        Hashtable<String, Object> properties = new Hashtable<>();
        if (name != null) {
            properties.put("middleware.name", name);
        }
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return properties;
    }

    Exchange request(String path) {
        Exchange exchange = new Exchange(path);
        BundleContext context = framework.context();
        Filter filter = context.getService(context.getServiceReference(Preprocessor.class));
        try {
            filter.doFilter(exchange.request, exchange.response, (request, response) -> {});
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return exchange;
    }

    List<PlaceView> places() {
        return chain.view().places();
    }

    /** A middleware in which one request stays until it is let go. */
    static final class Stay implements Middleware {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public void handle(HttpServletRequest request, HttpServletResponse response, Next next) {
            inside.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Sends a request into a middleware where it stays. */
    CompletableFuture<Exchange> stay(Stay middleware, String path) throws InterruptedException {
        CompletableFuture<Exchange> request = new CompletableFuture<>();
        Thread thread = new Thread(() -> request.complete(request(path)), "request");
        thread.start();
        middleware.inside.await();
        return request;
    }

    @Override
    public void close() throws Exception {
        framework.close();
    }
}
