package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;

import dev.sluice.chain.Operator;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.TrafficView;
import dev.sluice.chain.Trip;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.LedgerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.osgi.framework.Bundle;

/** A test with a deployer that rolls out in steps, by a clock of its own. */
abstract class WithRollouts extends WithFixture {

    static final String FILE = "greeting.jar";
    static final Map<String, String> IN_STEPS =
            Map.of("steps", "1,50,100", "step.time", "10s", "step.requests", "100", "bake", "30s");

    @BeforeEach
    void steps() {
        fixture.rollOutBy(IN_STEPS);
    }

    void put(String version) throws Exception {
        put(FILE, version);
    }

    void put(String file, String version) throws Exception {
        middleware("greeting", version, "greeting").writeTo(fixture.file(file));
        fixture.settle();
    }

    Bundle bundle(String version) {
        return fixture.framework.bundle("greeting", version);
    }

    void requests(String version, long requests, long failures) {
        fixture.chain.request(bundle(version).getBundleId(), "greeting", requests, failures);
    }

    void pass(Duration time) {
        fixture.nanos.addAndGet(time.toNanos());
    }

    String shares() {
        return fixture.chain.shares();
    }

    /** And until the deployer's thread has done with all that comes with it. */
    void awaitShares(String expected) {
        eventually("shares " + expected + ", not " + shares(), () -> shares().equals(expected));
        fixture.run.reconciled().orTimeout(40, TimeUnit.SECONDS).join();
    }

    /** Both have what is asked for, and the time is over. */
    void goodStep(String candidate, String beside) {
        looked();
        requests(candidate, 200, 0);
        requests(beside, 2_000, 0);
        looked();
        pass(Duration.ofSeconds(11));
    }

    /** The figures up to now have been looked at. */
    void looked() {
        // The next look may have begun; the one after it has not.
        long looks = fixture.chain.looks();
        eventually("it was looked at", () -> fixture.chain.looks() >= looks + 4);
    }

    RolloutOrder order(Supplier<CompletableFuture<RolloutOrder>> order) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            return order.get().get(20, TimeUnit.SECONDS);
        }
    }

    Optional<LedgerRecord.RollingOut> kept() {
        return Optional.ofNullable(fixture.run.parts.ledger().state().rollouts().get(FILE));
    }

    static final TrafficView RULE = new TrafficView(
            TrafficView.Origin.OPERATOR,
            false,
            "greeting",
            Optional.empty(),
            List.of(),
            Sticky.NONE,
            Optional.empty(),
            Optional.empty());

    /** What is wanted of the ledger's state. */
    LedgerState ledger() {
        return fixture.run.parts.ledger().state();
    }

    /** The chain's switch has had enough of a version. */
    static final Trip TRIP = new Trip(Instant.EPOCH, 10, 9, Duration.ofSeconds(1));

    PublicationView lastPublication() {
        return fixture.run.operations().history(1).get(0);
    }
}
