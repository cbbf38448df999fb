package dev.sluice.chain.snapshot;

import dev.sluice.chain.failure.Aborted;
import dev.sluice.chain.failure.Failures;
import dev.sluice.chain.limit.Bulkhead;
import dev.sluice.middleware.Middleware;
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
    private final Middleware middleware;
    private final ClassLoader loader;
    private final Next next;
    /** Null if there is no limit, which so costs nothing. */
    private final Bulkhead bulkhead;

    private final int concurrency;
    /** Null if there is none. */
    private final Deadline deadline;

    private final boolean isObserved;
    private final boolean isPlain;

    Step(int number, Unit unit, Next next, Limiters limiters, Place place) {
        this.number = number;
        this.unit = unit;
        this.middleware = unit.middleware();
        this.loader = unit.loader();
        this.next = next;
        this.concurrency = place.spec().limits().concurrency().orElse(0);
        this.bulkhead = concurrency == 0 ? null : limiters.bulkhead(unit.name());
        this.deadline = place.spec()
                .limits()
                .deadline()
                .map(time -> new Deadline(
                        limiters, time.toNanos(), place.spec().limits().interrupt()))
                .orElse(null);
        this.isObserved = unit.tally() != null;
        this.isPlain = bulkhead == null && deadline == null && !isObserved;
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

    /**
     * Runs the unit, if its place may be entered. What isn't on every request's way is elsewhere, and so are the few things
     * that are: a compiler stops to inline at some depth, and ten steps are deep.
     */
    final void enter(HttpServletRequest request, HttpServletResponse response, Next rest)
            throws IOException, ServletException {
        Lease lease = Lease.of(request);
        lease.reach(number);
        TripSwitch trip = unit.tripSwitch();
        if (!isPlain || trip != TripSwitch.NONE || isGone(lease)) {
            judge(lease, trip, request, response, rest);
            return;
        }
        // What a middleware leaves on the thread goes no further than its step: another context class loader, and an
        // interrupt, which the next one, or the next request on a pooled thread, would take for its own.
        Thread thread = Thread.currentThread();
        clearInterrupt(thread);
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            middleware.handle(request, response, rest);
        } catch (Throwable thrown) {
            charge(lease, thrown);
            throw thrown;
        } finally {
            thread.setContextClassLoader(before);
            clearInterrupt(thread);
        }
        if (lease.endsAt(number)) {
            lease.answeredBy(unit, response);
        }
    }

    /**
     * The drain deadline passed while the request ran, or the request has itself asked for the stop. Either way the unit's
     * bundle is stopped or about to be.
     */
    private boolean isGone(Lease lease) {
        return unit.isClosed() || lease.hasGivenUp(unit);
    }

    /** Does the same where there is more to be asked. */
    private void judge(
            Lease lease, TripSwitch trip, HttpServletRequest request, HttpServletResponse response, Next rest)
            throws IOException, ServletException {
        if (isGone(lease)) {
            pass(request, response, Refusal.AWAY, "is not available at the moment");
        } else if (bulkhead != null && !bulkhead.enter(concurrency)) {
            logFull();
            pass(request, response, Refusal.FULL, "has as many requests as it may have at a time");
        } else {
            try {
                if (trip.permits()) {
                    run(lease, trip, request, response, rest);
                } else {
                    pass(request, response, Refusal.AWAY, "has failed too often and is not called at the moment");
                }
            } finally {
                if (bulkhead != null) {
                    bulkhead.leave();
                }
            }
        }
    }

    private void run(Lease lease, TripSwitch trip, HttpServletRequest request, HttpServletResponse response, Next rest)
            throws IOException, ServletException {
        Thread thread = Thread.currentThread();
        clearInterrupt(thread);
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        Behind behind = isObserved ? new Behind(lease, rest) : null;
        Next watched = behind == null ? rest : behind;
        Call call = deadline == null ? null : new Call(deadline, lease, number, unit, trip, response, watched);
        try {
            if (call == null) {
                middleware.handle(request, response, watched);
            } else {
                call.run(request);
            }
        } catch (Throwable thrown) {
            // Past its deadline it was charged when that passed.
            if (call == null || !call.isOver()) {
                if (charge(lease, thrown)) {
                    trip.failed();
                } else {
                    trip.succeeded();
                }
            }
            throw thrown;
        } finally {
            thread.setContextClassLoader(before);
            clearInterrupt(thread);
        }
        trip.succeeded();
        boolean isOwnError =
                behind != null && !behind.hasErred() && lease.statusOn(response) >= Refusal.FAILED.status();
        if (lease.endsAt(number) || isOwnError) {
            lease.answeredBy(unit, response);
        }
    }

    /** Does as little as possible: the stack may be nearly exhausted. The rest is done where the request came in. */
    private boolean charge(Lease lease, Throwable thrown) {
        try {
            return lease.failures().charge(thrown, number, unit, lease);
        } catch (StackOverflowError again) {
            // No room to note it: it is logged as nobody's, and counts all the same.
            return true;
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
        if (response.isCommitted()) {
            // No status tells of it any more: the response ends here, and mustn't look whole. Nobody is charged with
            // it.
            Failures failures = Lease.of(request).failures();
            Aborted aborted = new Aborted(failures.incident());
            failures.behind(aborted, number);
            throw aborted;
        }
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
