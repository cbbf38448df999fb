package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.fixture.Exchange;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests run while a writer swaps generations. */
@Timeout(60)
class GenerationsTest {

    private static final int SWAPS = 2000;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Chain chain = new Chain(System::nanoTime, timer);
    private final Entrance entrance = new Entrance(chain, Parts.waitingRoom(), Parts.UNWATCHED);
    private final AtomicInteger afterRelease = new AtomicInteger();

    /** Writes the version into the request, and notices if it runs after it was released. */
    private final class Versioned implements Middleware {
        private final String name;
        private final int version;
        private volatile boolean released;

        Versioned(String name, int version) {
            this.name = name;
            this.version = version;
        }

        @Override
        public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
                throws IOException, ServletException {
            if (released) {
                afterRelease.incrementAndGet();
            }
            request.setAttribute(name, version);
            next.proceed(request, response);
            if (released) {
                afterRelease.incrementAndGet();
            }
        }
    }

    @Test
    void everyRequestSeesOneGenerationAndNoneGetsBy() throws Exception {
        chain.open();
        AtomicBoolean stop = new AtomicBoolean();
        chain.change(roster -> roster.join(unit("a", 1)).join(unit("b", 1)), "first");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> served = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            served.add(threads.submit(() -> {
                int count = 0;
                do {
                    Exchange exchange = new Exchange("/" + (number + count) % 7);
                    entrance.serve(exchange.request, exchange.response, (request, response) -> {});
                    assertThat(exchange.attributes.get("a")).isNotNull().isEqualTo(exchange.attributes.get("b"));
                    count++;
                } while (!stop.get());
                return count;
            }));
        }
        List<Future<?>> released = new ArrayList<>();
        for (int version = 2; version <= SWAPS; version++) {
            long old = version - 1;
            Provider a = unit("a", version);
            Provider b = unit("b", version);
            List<Unit> leaving = chain.roster().units().toList();
            chain.change(roster -> roster.retire(Set.of(old)).join(a).join(b), "swap");
            released.add(chain.drains().drain(old, Duration.ofSeconds(30)).thenAccept(outcome -> {
                assertThat(outcome.drained()).isTrue();
                leaving.forEach(unit -> ((Versioned) unit.middleware()).released = true);
            }));
        }
        stop.set(true);
        for (Future<Integer> one : served) {
            assertThat(one.get()).isPositive();
        }
        for (Future<?> one : released) {
            one.get();
        }
        threads.shutdown();
        timer.shutdown();
        assertThat(afterRelease).hasValue(0);
        assertThat(chain.held()).isEqualTo(Set.copyOf(chain.roster().units().toList()));
    }

    private Provider unit(String name, int version) {
        return provider(name, version, version, spec(0), new Versioned(name, version));
    }

    @Test
    void changesFromSeveralThreadsAreAllKept() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int first = i * 1000;
            done.add(threads.submit(() -> {
                for (int n = first; n < first + 100; n++) {
                    String name = "m" + n;
                    Provider provider = provider(name, 1, n);
                    chain.change(roster -> roster.join(provider), "join");
                }
            }));
        }
        PlaceOverride off = new PlaceOverride(Optional.empty(), Optional.empty(), Optional.empty(), false);
        chain.change(roster -> roster.override(Map.of("m1", off)), "override");
        for (Future<?> one : done) {
            one.get();
        }
        threads.shutdown();
        timer.shutdown();
        assertThat(chain.roster().units()).hasSize(300);
        assertThat(chain.current().places()).hasSize(299);
    }
}
