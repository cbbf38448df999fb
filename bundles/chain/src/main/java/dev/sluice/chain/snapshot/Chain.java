package dev.sluice.chain.snapshot;

import dev.sluice.chain.DrainOutcome;
import dev.sluice.chain.StuckThread;
import dev.sluice.chain.lease.InFlight;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chain: one current snapshot for all requests, and one writer that replaces it.
 *
 * <p>Requests read {@link #current} and nothing else that changes. Writers are serialised by this object's monitor, which
 * no request takes, and within which nothing is called that could wait.
 */
public final class Chain {

    private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    private final Arming arming;
    private final InFlight<Lease> inFlight = new InFlight<>();
    private final Drains drains = new Drains();
    /** The drains under way, with the units that they wait for. */
    private final Map<CompletableFuture<DrainOutcome>, List<Unit>> pending = new ConcurrentHashMap<>();

    private final Limiters limiters;
    private volatile Snapshot current;
    private volatile Roster roster = Roster.EMPTY;

    /**
     * Makes an empty chain that admits no requests.
     *
     * @param nanoTime a monotonic clock
     * @param timer runs what is due at deadlines
     */
    public Chain(LongSupplier nanoTime, ScheduledExecutorService timer) {
        this(nanoTime, timer, timer, Arming.NONE);
    }

    /**
     * The same, with threads that answer in place of a middleware whose deadline has passed: that may wait for a client.
     *
     * @param nanoTime a monotonic clock
     * @param timer runs what is due at deadlines
     * @param answers sends answers to clients
     * @param arming gives the units that serve their trip switches
     */
    public Chain(LongSupplier nanoTime, ScheduledExecutorService timer, Executor answers, Arming arming) {
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.arming = arming;
        this.limiters = new Limiters(nanoTime, timer, answers);
        this.current = new Snapshot(0, Admission.NOT_OPEN, List.of(), limiters);
    }

    /** {@return what requests run on now} */
    public Snapshot current() {
        return current;
    }

    /** {@return what the current snapshot was made from} */
    public Roster roster() {
        return roster;
    }

    /**
     * Makes the next snapshot the current one. Does nothing if the roster stays as it was.
     *
     * @param change changes the roster; called once. What it throws is thrown, and nothing is changed
     * @param cause why, for the log
     * @return the number of the snapshot that holds the change
     */
    public synchronized long change(UnaryOperator<Roster> change, String cause) {
        Roster changed = change.apply(roster);
        if (changed == roster) {
            return current.generation();
        }
        return publish(changed, current.admission(), cause);
    }

    /**
     * Has the units that serve armed anew: the rules for their trip switches have changed.
     *
     * @param cause why, for the log
     */
    public synchronized void rearm(String cause) {
        publish(roster, current.admission(), cause);
    }

    /** Admits requests from now on. */
    public synchronized void open() {
        if (current.admission() == Admission.NOT_OPEN) {
            publish(roster, Admission.OPEN, "open");
        }
    }

    /** {@return whether requests are admitted} */
    public boolean isOpen() {
        return current.isOpen();
    }

    /** Has connections closed with their answers from now on, so that clients go elsewhere before requests are refused. */
    public synchronized void closeConnections() {
        if (current.admission() == Admission.OPEN) {
            publish(roster, Admission.CLOSING, "the container is about to stop");
        }
    }

    /**
     * Admits no more requests, for good.
     *
     * @return completes when the last request that was admitted is complete
     */
    public synchronized CompletableFuture<Void> refuse() {
        publish(roster, Admission.STOPPING, "the container stops");
        // A copy: who sets a deadline on it must not end it for others.
        return drains.whenAllFree().copy();
    }

    private long publish(Roster next, Admission admission, String cause) {
        Snapshot before = current;
        Snapshot after = new Snapshot(before.generation() + 1, admission, next.places(), limiters);
        arming.arm(this, next, after.serving());
        roster = next;
        current = after;
        drains.published(before, after);
        // Wakes those who are held; nothing else hangs on it, so no foreign code runs in here.
        before.replaced().complete(null);
        LOG.debug("generation {}: {}", after.generation(), cause);
        return after.generation();
    }

    /**
     * Takes a lease on the route of a path. The lease is counted before the snapshot is checked, so that the writer either
     * sees it or is seen: see {@link dev.sluice.chain.lease.LeaseGate}.
     *
     * @param snapshot the snapshot that was judged to admit the request
     * @return the lease; empty if the snapshot isn't the current one any more
     */
    Optional<Lease> lease(Snapshot snapshot, Route route, HttpServletRequest request, String path) {
        int token = route.gate().enter();
        if (current != snapshot) {
            route.gate().leave(token);
            return Optional.empty();
        }
        try {
            return Optional.of(new Lease(request, path, route, token, inFlight, nanoTime.getAsLong()));
        } catch (RuntimeException | Error e) {
            // Nobody else knows of this lease: it would pin the route for good.
            route.gate().leave(token);
            throw e;
        }
    }

    /**
     * Waits for the requests that hold units of a bundle which have left the chain.
     *
     * @param bundleId the bundle's id
     * @param deadline how long from now to wait at the most; then those that are stuck are logged, and the units closed
     * @return completes when nothing holds them, or at the deadline, on the timer's thread; complete already if nothing does
     */
    public CompletableFuture<DrainOutcome> drain(long bundleId, Duration deadline) {
        long start = nanoTime.getAsLong();
        List<Unit> units = leaving(bundleId);
        CompletableFuture<Void> free = drains.whenFree(units);
        if (free.isDone()) {
            return CompletableFuture.completedFuture(new DrainOutcome(0, Duration.ZERO));
        }
        CompletableFuture<DrainOutcome> outcome = new CompletableFuture<>();
        pending.put(outcome, units);
        outcome.whenComplete((drained, never) -> pending.remove(outcome));
        try {
            ScheduledFuture<?> atDeadline = timer.schedule(
                    () -> outcome.complete(new DrainOutcome(giveUp(units, deadline), since(start))),
                    deadline.toNanos(),
                    TimeUnit.NANOSECONDS);
            // On the timer's thread: what others hang on it must run neither on a request's thread nor in the monitor.
            free.thenRunAsync(
                    () -> {
                        atDeadline.cancel(false);
                        outcome.complete(new DrainOutcome(0, since(start)));
                    },
                    timer);
        } catch (RejectedExecutionException closed) {
            outcome.complete(new DrainOutcome(giveUp(units, Duration.ZERO), since(start)));
        }
        return outcome;
    }

    /**
     * The same as {@link #drain}, but blocks. It needs no other thread than those of the requests that it waits for: it is
     * called while a bundle stops, and that may be on the timer's own thread.
     *
     * @param bundleId the bundle's id
     * @param deadline how long from now to wait at the most
     * @return how it ended
     */
    public DrainOutcome awaitDrain(long bundleId, Duration deadline) {
        long start = nanoTime.getAsLong();
        List<Unit> units = leaving(bundleId);
        boolean free = Bounded.await(drains.whenFree(units), deadline);
        return new DrainOutcome(free ? 0 : giveUp(units, deadline), since(start));
    }

    /**
     * Has the requests that a thread is in hold no unit of a bundle any longer. To be called on that thread, when it is about
     * to wait for the bundle's drain: it would wait for itself. What else these requests hold they go on holding.
     *
     * @param bundleId the bundle's id
     */
    public void giveUpOwn(long bundleId) {
        ownLeases().forEach(lease -> {
            Set<Unit> givenUp = lease.units().stream()
                    .filter(unit -> unit.bundleId() == bundleId)
                    .collect(Collectors.toSet());
            if (!givenUp.isEmpty()) {
                LOG.warn(
                        "{}: asks for the stop of {}, which serves it, and doesn't hold it any more",
                        describe(lease),
                        givenUp);
                Route rest = new Route(lease.counted(), givenUp);
                lease.moveTo(rest, drains.retired(rest));
            }
        });
    }

    /** The same for the whole chain, when the thread is about to wait for all requests. */
    public void giveUpOwn() {
        ownLeases().forEach(lease -> {
            LOG.warn("{}: asks for the stop of the chain, which isn't waited for on its account", describe(lease));
            Route nothing = new Route(lease.counted(), Set.copyOf(lease.units()));
            lease.moveTo(nothing, nothing.gate().enter());
        });
    }

    private List<Lease> ownLeases() {
        return leases().stream().filter(Lease::isMine).toList();
    }

    private String describe(Lease lease) {
        return lease.describe(nanoTime.getAsLong());
    }

    /**
     * A unit that serves isn't leaving, though another of its bundle may be. Closed ones have had their deadline: nobody
     * waits for them a second time.
     */
    private List<Unit> leaving(long bundleId) {
        Set<Unit> serving = current.serving();
        return drains.heldOf(bundleId).stream()
                .filter(unit -> !serving.contains(unit) && !unit.isClosed())
                .toList();
    }

    /** Waits no longer for any request: closes every unit that one still holds, and logs the requests. */
    public void giveUp() {
        drains.held().forEach(Unit::close);
        leases().forEach(this::logStuck);
    }

    private long giveUp(List<Unit> units, Duration deadline) {
        if (drains.whenFree(units).isDone()) {
            return 0; // the last one was given back just now
        }
        units.forEach(Unit::close);
        List<Lease> stuck = leasesOn(units);
        stuck.forEach(this::logStuck);
        // At least one is left, though the register may not show yet a request that has only just come.
        long left = Math.max(1, stuck.size());
        LOG.warn("{} request(s) still hold {} after the drain deadline of {} ms", left, units, deadline.toMillis());
        return left;
    }

    /**
     * Logs one record for a request that is stuck: method, path, age, thread and its stack.
     *
     * @param lease the request's lease
     */
    public void logStuck(Lease lease) {
        LOG.warn("stuck at the drain deadline: {}{}", describe(lease), stackOf(lease));
    }

    private static String stackOf(Lease lease) {
        StringBuilder lines = new StringBuilder();
        for (StackTraceElement frame : lease.stack()) {
            lines.append(System.lineSeparator()).append("    at ").append(frame);
        }
        return lines.toString();
    }

    private List<Lease> leasesOn(Collection<Unit> units) {
        List<Lease> leases = new ArrayList<>();
        inFlight.forEach(lease -> {
            if (lease.units().stream().anyMatch(units::contains)) {
                leases.add(lease);
            }
        });
        return leases;
    }

    /** {@return the leases that are held now} */
    public List<Lease> leases() {
        List<Lease> leases = new ArrayList<>();
        inFlight.forEach(leases::add);
        return leases;
    }

    /** {@return the threads that are inside a unit past its deadline} */
    public Map<Unit, List<StuckThread>> stuck() {
        Map<Unit, List<StuckThread>> stuck = new HashMap<>();
        limiters.stuck().forEach(call -> call.view()
                .ifPresent(view -> stuck.computeIfAbsent(call.unit(), unit -> new ArrayList<>())
                        .add(view)));
        return stuck;
    }

    /** {@return the units that serve, or that requests still hold} */
    public Collection<Unit> held() {
        return drains.held();
    }

    /** Ends all drains that are under way, as if at their deadlines: the timer that would do so goes. */
    public void close() {
        timer.shutdownNow();
        pending.forEach(
                (outcome, units) -> outcome.complete(new DrainOutcome(giveUp(units, Duration.ZERO), Duration.ZERO)));
    }

    private Duration since(long start) {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
    }
}
