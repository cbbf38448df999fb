package dev.sluice.proxy.upstream;

import dev.sluice.proxy.UpstreamState;
import dev.sluice.proxy.UpstreamView;
import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.Ejection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An upstream of a route: its standing, its health and what goes on there. It outlives a change of the route that doesn't
 * concern it.
 *
 * <p>Safe for use by many threads; none waits.
 */
public final class Member implements Upstream {

    private static final Logger LOG = LoggerFactory.getLogger(Member.class);

    private record Failure(Instant at, String reason) {}

    private final String route;
    private final Address address;
    private final Standing standing;
    private final InstantSource clock;
    private final AtomicLong inFlight = new AtomicLong();
    private final LongAdder failures = new LongAdder();
    private volatile boolean healthy = true;
    private volatile Optional<Failure> lastFailure = Optional.empty();

    /**
     * Makes one that is in use.
     *
     * @param route the route's name, for the log
     * @param address where it is
     * @param ejection when it is ejected
     * @param nanoTime a monotonic clock
     * @param clock a clock to show
     */
    Member(String route, Address address, Ejection ejection, LongSupplier nanoTime, InstantSource clock) {
        this.route = route;
        this.address = address;
        this.standing = new Standing(ejection, nanoTime);
        this.clock = clock;
    }

    @Override
    public Address address() {
        return address;
    }

    /** {@return whether requests are to go there, as long as there are others} */
    boolean admits() {
        return healthy && standing.admits();
    }

    UpstreamState state() {
        if (!healthy) {
            return UpstreamState.UNHEALTHY;
        }
        return standing.isEjected() ? UpstreamState.EJECTED : UpstreamState.IN_USE;
    }

    UpstreamView view(int weight) {
        Optional<Failure> failure = lastFailure;
        return new UpstreamView(
                address.toString(),
                weight,
                state(),
                inFlight.get(),
                failures.sum(),
                failure.map(Failure::reason),
                failure.map(Failure::at));
    }

    @Override
    public Call begin() {
        inFlight.incrementAndGet();
        return new Counted(standing.begin());
    }

    /** Notes how a health check went, and logs a change. */
    void healthy(boolean now, String reason) {
        if (!now) {
            note(reason);
        }
        if (healthy != now) {
            healthy = now;
            if (now) {
                LOG.info("Route {}: {} is healthy again", route, address);
            } else {
                LOG.warn(
                        "Route {}: {} is unhealthy, and gets no requests until a check succeeds: {}",
                        route,
                        address,
                        reason);
            }
        }
    }

    private void note(String reason) {
        failures.increment();
        lastFailure = Optional.of(new Failure(clock.instant(), reason));
    }

    private final class Counted implements Call {

        private final Standing.Began began;

        Counted(Standing.Began began) {
            this.began = began;
        }

        @Override
        public void succeeded() {
            inFlight.decrementAndGet();
            if (standing.succeeded(began)) {
                LOG.info("Route {}: {} answers again, and is in use", route, address);
            }
        }

        @Override
        public void failed(String reason) {
            inFlight.decrementAndGet();
            note(reason);
            standing.failed(began).ifPresent(time -> ejected(time, reason));
        }

        private void ejected(Duration time, String reason) {
            LOG.warn(
                    "Route {}: {} is ejected for {} s, as requests fail there: {}",
                    route,
                    address,
                    time.toMillis() / 1000.0,
                    reason);
        }

        @Override
        public void abandoned() {
            inFlight.decrementAndGet();
            standing.abandoned(began);
        }
    }
}
