package dev.sluice.chain.snapshot;

import dev.sluice.chain.limit.Bulkhead;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step of a route: runs its unit, with the next step as the rest of the chain, and charges the unit with what it throws.
 * Immutable, linked once when the route is made and shared by all its requests; what belongs to one request is found in the
 * request's {@link Lease}. This is the step of a fail-closed middleware.
 */
class Step implements Next {

    private static final Logger LOG = LoggerFactory.getLogger(Step.class);

    private final int number;
    private final Unit unit;
    private final Next next;
    /** Null if there is no limit, which so costs nothing. */
    private final Bulkhead bulkhead;

    private final int concurrency;
    /** Null if there is none. */
    private final Deadline deadline;

    Step(int number, Unit unit, Next next, Limiters limiters, Place place) {
        this.number = number;
        this.unit = unit;
        this.next = next;
        this.concurrency = place.spec().limits().concurrency().orElse(0);
        this.bulkhead = concurrency == 0 ? null : limiters.bulkhead(unit.name());
        this.deadline = place.spec()
                .limits()
                .deadline()
                .map(time -> new Deadline(
                        limiters, time.toNanos(), place.spec().limits().interrupt()))
                .orElse(null);
    }

    final Unit unit() {
        return unit;
    }

    final Next next() {
        return next;
    }

    @Override
    public void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        enter(request, response, next);
    }

    /** Runs the unit, if its place may be entered. */
    final void enter(HttpServletRequest request, HttpServletResponse response, Next rest)
            throws IOException, ServletException {
        Lease lease = Lease.of(request);
        lease.reach(number);
        if (unit.isClosed()) {
            // The drain deadline passed while the request ran, and the unit's bundle is stopped or about to be.
            pass(request, response, Refusal.AWAY, "is not available at the moment");
        } else if (bulkhead == null) {
            judge(lease, request, response, rest);
        } else if (bulkhead.enter(concurrency)) {
            try {
                judge(lease, request, response, rest);
            } finally {
                bulkhead.leave();
            }
        } else {
            logFull();
            pass(request, response, Refusal.FULL, "has as many requests as it may have at a time");
        }
    }

    private void judge(Lease lease, HttpServletRequest request, HttpServletResponse response, Next rest)
            throws IOException, ServletException {
        TripSwitch trip = unit.tripSwitch();
        if (trip == TripSwitch.NONE || trip.permits()) {
            run(lease, trip, request, response, rest);
        } else {
            pass(request, response, Refusal.AWAY, "has failed too often and is not called at the moment");
        }
    }

    /**
     * What a middleware leaves on the thread goes no further than its step: another context class loader, and an interrupt,
     * which the next one, or the next request on a pooled thread, would take for its own.
     */
    private void run(Lease lease, TripSwitch trip, HttpServletRequest request, HttpServletResponse response, Next rest)
            throws IOException, ServletException {
        Thread thread = Thread.currentThread();
        clearInterrupt(thread);
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(unit.loader());
        Call call = null;
        try {
            if (deadline == null) {
                unit.middleware().handle(request, response, rest);
            } else {
                call = new Call(deadline, lease, number, unit, trip, response, rest);
                call.run(request);
            }
        } catch (Throwable thrown) {
            // Past its deadline it was charged when that passed.
            if (call == null || !call.isOver()) {
                failed(lease, trip, thrown);
            }
            throw thrown;
        } finally {
            thread.setContextClassLoader(before);
            clearInterrupt(thread);
        }
        if (trip != TripSwitch.NONE) {
            trip.succeeded();
        }
    }

    /** Does as little as possible: the stack may be nearly exhausted. The rest is done where the request came in. */
    private void failed(Lease lease, TripSwitch trip, Throwable thrown) {
        boolean charged = true;
        try {
            charged = lease.failures().charge(thrown, number, unit);
        } catch (StackOverflowError again) {
            // No room to note it: it is logged as nobody's, and counts all the same.
        }
        if (trip == TripSwitch.NONE) {
            return;
        }
        if (charged) {
            trip.failed();
        } else {
            trip.succeeded();
        }
    }

    static void clearInterrupt(Thread current) {
        if (current.isInterrupted()) {
            Thread.interrupted();
        }
    }

    /** The unit isn't called. Without it a fail-closed middleware lets nothing pass. */
    void pass(HttpServletRequest request, HttpServletResponse response, Refusal refusal, String why)
            throws IOException, ServletException {
        refusal.send(response, "The middleware \"" + unit.name() + "\" " + why + ".");
    }

    private void logFull() {
        long refused = bulkhead.refusedToLog();
        if (refused > 0) {
            LOG.warn(
                    "\"{}\" has {} requests, as many as its concurrency.limit allows: {} were kept from it since this was"
                            + " last said. Raise the limit in its override, or find what keeps them so long",
                    unit.name(),
                    concurrency,
                    refused);
        }
    }
}
