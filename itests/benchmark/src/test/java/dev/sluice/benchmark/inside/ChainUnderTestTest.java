package dev.sluice.benchmark.inside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmark.bundle.OwnLoader;
import dev.sluice.benchmark.bundle.PassingMiddleware;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.middleware.Middleware;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is measured is what it is said to be. */
class ChainUnderTestTest {

    private final ChainUnderTest chain = new ChainUnderTest();
    private final Exchange exchange = new Exchange();

    @AfterEach
    void close() {
        chain.close();
    }

    private void serve() throws Exception {
        chain.entrance().serve(exchange.request, exchange.response, exchange.end);
    }

    @Test
    void requestsRunThroughAllToTheEndAndLeaveNoLease() throws Exception {
        chain.with(50);

        for (int i = 0; i < 10; i++) {
            serve();
        }

        assertThat(exchange.ended).isEqualTo(10);
        assertThat(chain.chain().leases()).isEmpty();
        assertThat(chain.chain().ownFigures()).hasSize(50).allMatch(unit -> unit.handedOn() == 10);
    }

    @Test
    void eachMiddlewareIsOfAClassOfItsOwn() {
        List<Middleware> all = OwnLoader.instances(Middleware.class, PassingMiddleware.class, 50);

        assertThat(all.stream().map(Object::getClass).distinct()).hasSize(50);
    }

    @Test
    void requestsRunThroughThoseThatMatchOnly() throws Exception {
        chain.with(2, List.of("/api/*")).with(3, List.of("/other/*"));

        serve();

        assertThat(chain.chain().ownFigures().stream().filter(unit -> unit.handedOn() == 1))
                .hasSize(2);
    }

    @Test
    void theVersionsOfASplitShareTheRequests() throws Exception {
        chain.split();

        for (int i = 0; i < 200; i++) {
            serve();
        }

        assertThat(chain.chain().ownFigures()).hasSize(2).allMatch(unit -> unit.handedOn() > 0);
    }

    @Test
    void observedUnitsAreCounted() throws Exception {
        chain.with(1).observed();

        serve();

        Unit unit = chain.chain().roster().units().findFirst().orElseThrow();
        assertThat(chain.chain().figures(unit.bundleId())).isNotEmpty();
    }

    @Test
    void eachChangeIsAPublish() {
        var last = chain.with(9).joined();
        long before = chain.chain().current().generation();

        chain.publishTwice(last);

        assertThat(chain.chain().current().generation()).isEqualTo(before + 2);
        assertThat(chain.chain().roster().units()).hasSize(10);
    }
}
