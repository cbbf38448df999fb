package dev.sluice.benchmark.inside;

import dev.sluice.benchmark.bundle.OwnLoader;
import dev.sluice.benchmark.bundle.PassingFilter;
import dev.sluice.benchmark.bundle.PassingMiddleware;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A request through a chain of middleware that hand on, and through what people would use instead. Each has a JVM of its own, so
 * that no compiler learns from the other.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChainBenchmark {

    /** The chain that ships. */
    @State(Scope.Benchmark)
    public static class Sluice {

        @Param({"0", "1", "10", "50"})
        int middleware;

        ChainUnderTest chain;

        /** Fills it. */
        @Setup(Level.Trial)
        public void fill() {
            chain = new ChainUnderTest().with(middleware);
        }

        /** Ends its thread. */
        @TearDown(Level.Trial)
        public void close() {
            chain.close();
        }
    }

    /** The same, while all that its units do is counted for rollouts. */
    @State(Scope.Benchmark)
    public static class Observed extends Sluice {

        @Override
        public void fill() {
            super.fill();
            chain.observed();
        }
    }

    /** The same calls by hand. Linked for each thread, as the end is each thread's own. */
    @State(Scope.Benchmark)
    public static class ByHand {

        @Param({"0", "1", "10", "50"})
        int middleware;

        List<Middleware> all;

        /** Makes the middleware. */
        @Setup(Level.Trial)
        public void fill() {
            all = OwnLoader.instances(Middleware.class, PassingMiddleware.class, middleware);
        }
    }

    /** A thread's calls by hand. */
    @State(Scope.Thread)
    public static class Linked {

        Next first;

        /** Links them. */
        @Setup(Level.Trial)
        public void link(ByHand byHand, Exchange exchange) {
            first = HandWritten.link(byHand.all, exchange.end);
        }
    }

    /** Filters. */
    @State(Scope.Benchmark)
    public static class Filters {

        @Param({"0", "1", "10", "50"})
        int middleware;

        Filter[] all;

        /** Makes them. */
        @Setup(Level.Trial)
        public void fill() {
            all = OwnLoader.instances(Filter.class, PassingFilter.class, middleware)
                    .toArray(Filter[]::new);
        }
    }

    /** Handlers of Jetty, nested for each thread, as the end is each thread's own. */
    @State(Scope.Thread)
    public static class Wrappers {

        @Param({"0", "1", "10", "50"})
        int middleware;

        Handler first;
        long ended;

        /** Nests them. */
        @Setup(Level.Trial)
        public void nest() {
            Handler inner = new Handler.Abstract() {
                @Override
                public boolean handle(
                        org.eclipse.jetty.server.Request request,
                        org.eclipse.jetty.server.Response response,
                        Callback callback) {
                    ended++;
                    return true;
                }
            };
            for (Handler.Wrapper one : OwnLoader.instances(Handler.Wrapper.class, PassingWrapper.class, middleware)) {
                one.setHandler(inner);
                inner = one;
            }
            first = inner;
        }
    }

    /** {@return how often the end was reached} */
    @Benchmark
    public long sluice(Sluice sluice, Exchange exchange) throws IOException, ServletException {
        sluice.chain.entrance().serve(exchange.request, exchange.response, exchange.end);
        return exchange.ended;
    }

    /** {@return how often the end was reached} */
    @Benchmark
    public long sluiceObserved(Observed sluice, Exchange exchange) throws IOException, ServletException {
        sluice.chain.entrance().serve(exchange.request, exchange.response, exchange.end);
        return exchange.ended;
    }

    /** {@return how often the end was reached} */
    @Benchmark
    public long handWritten(Linked linked, Exchange exchange) throws IOException, ServletException {
        linked.first.proceed(exchange.request, exchange.response);
        return exchange.ended;
    }

    /** {@return how often the end was reached} */
    @Benchmark
    public long filterChain(Filters filters, Exchange exchange) throws IOException, ServletException {
        new FiltersInTurn(filters.all, exchange.end).doFilter(exchange.request, exchange.response);
        return exchange.ended;
    }

    /** {@return how often the end was reached} */
    @Benchmark
    public long jettyWrappers(Wrappers wrappers) throws Exception {
        // Nobody on the way looks at them.
        wrappers.first.handle(null, null, Callback.NOOP);
        return wrappers.ended;
    }
}
