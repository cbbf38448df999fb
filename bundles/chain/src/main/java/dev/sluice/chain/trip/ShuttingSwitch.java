package dev.sluice.chain.trip;

import dev.sluice.chain.Trip;
import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.chain.snapshot.TripSwitch;
import dev.sluice.chain.trip.CallWindow.Count;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.IllegalStateTransitionException;
import io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switch of a unit without a standby: while it is open the unit's place answers at once; then a few calls probe whether
 * the unit has recovered.
 *
 * <p>The states are those of a circuit breaker, by resilience4j. While it is closed, which is nearly always, calls are counted
 * here and not there, as that costs a tenth (decision 9).
 *
 * <p>Nothing here waits: state changes are compare-and-set, in the library as here. What ends late, of calls that began
 * before the switch opened, may be taken for the end of a probe. It tells of the same unit, and the worst that follows is
 * that the switch closes a few calls early and opens again.
 */
final class ShuttingSwitch implements TripSwitch {

    private static final Logger LOG = LoggerFactory.getLogger(ShuttingSwitch.class);

    /** How many calls probe it. */
    static final int PROBES = 3;

    /** The library wants an exception for each failure. A bundle's own must not get there. */
    private static final Exception FAILURE = new Exception("a failure was charged to the unit", null, false, false) {};

    private final String unit;
    private final TripRules rules;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final CircuitBreaker breaker;
    /** Present from the moment it opens until it is closed again. Who sets it opens it. */
    private final AtomicReference<Optional<Trip>> trip;

    private final AtomicLong probedSince;
    private volatile CallWindow window;

    /**
     * Makes a switch.
     *
     * @param unit the unit, for the log: by its name only
     * @param rules when it opens, and for how long
     * @param nanoTime a monotonic clock
     * @param clock a clock to show
     * @param earlier what made the unit trip before: then it is probed first
     */
    ShuttingSwitch(String unit, TripRules rules, LongSupplier nanoTime, InstantSource clock, Optional<Trip> earlier) {
        this.unit = unit;
        this.rules = rules;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.trip = new AtomicReference<>(earlier);
        this.probedSince = new AtomicLong(nanoTime.getAsLong());
        this.window = new CallWindow(nanoTime, rules);
        this.breaker = new CircuitBreakerStateMachine(
                unit,
                CircuitBreakerConfig.custom()
                        .initialState(earlier.isPresent() ? State.HALF_OPEN : State.CLOSED)
                        .failureRateThreshold(rules.share())
                        .waitDurationInOpenState(rules.pause())
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        // Its own window is never to open it: that minimum isn't reached. Probes have one of their own.
                        .slidingWindow(
                                1,
                                Integer.MAX_VALUE,
                                CircuitBreakerConfig.SlidingWindowType.TIME_BASED,
                                CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
                        .clock(new MonotonicClock(nanoTime))
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> changed(event.getStateTransition()));
    }

    /** {@return whether it works by these rules} */
    boolean isFor(TripRules other) {
        return rules.equals(other);
    }

    @Override
    public Optional<Trip> trip() {
        return trip.get();
    }

    /** Closes it, and forgets what was. */
    void reset() {
        window = new CallWindow(nanoTime, rules);
        breaker.reset();
    }

    @Override
    public boolean permits() {
        if (breaker.getState() == State.CLOSED || breaker.tryAcquirePermission()) {
            return true;
        }
        probeAnew();
        return false;
    }

    @Override
    public void succeeded() {
        if (breaker.getState() == State.CLOSED) {
            window.succeeded();
        } else {
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void failed() {
        if (breaker.getState() == State.CLOSED) {
            window.failed().ifPresent(this::open);
        } else {
            breaker.onError(0, TimeUnit.NANOSECONDS, FAILURE);
        }
    }

    private void open(Count count) {
        Trip why = new Trip(clock.instant(), count.calls(), count.failures(), rules.window());
        if (!trip.compareAndSet(Optional.empty(), Optional.of(why))) {
            return; // another thread opens it
        }
        // Before it opens, so that it finds nothing of this when it is closed again.
        window = new CallWindow(nanoTime, rules);
        LOG.error(
                "{} has tripped: {}, and {} % is the limit. No other version can serve instead, so for {} ms its place"
                        + " answers 503 at once, or is passed if it is fail-open; then {} requests probe it. See its"
                        + " failures in this log, and put a version into the deploy folder that has them mended.",
                unit, why.reason(), rules.share(), rules.pause().toMillis(), PROBES);
        breaker.transitionToOpenState();
    }

    /** The library calls this on the thread that made the change. */
    private void changed(StateTransition change) {
        switch (change.getToState()) {
            case HALF_OPEN -> probedSince.set(nanoTime.getAsLong());
            case CLOSED -> {
                trip.set(Optional.empty());
                LOG.info("{} serves again: its trip switch is closed", unit);
            }
            case OPEN -> {
                if (change.getFromState() == State.HALF_OPEN) {
                    LOG.warn("{} still fails: its place goes on answering at once", unit);
                }
            }
            default -> {
                // There are no others here.
            }
        }
    }

    /** Probes that don't come back are not waited for longer than the pause lasts. */
    private void probeAnew() {
        long since = probedSince.get();
        long now = nanoTime.getAsLong();
        if (breaker.getState() == State.HALF_OPEN
                && now - since > rules.pause().toNanos()
                && probedSince.compareAndSet(since, now)) {
            try {
                breaker.transitionToHalfOpenState();
            } catch (IllegalStateTransitionException closed) {
                LOG.debug("{} was closed by a probe that has just come back", unit);
            }
        }
    }
}
