package dev.sluice.chain.snapshot;

import dev.sluice.chain.DrainOutcome;
import dev.sluice.chain.OpenRequests;
import dev.sluice.chain.lease.InFlight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drains under way: who waits for what until when, and what becomes of the requests that are still there then. What holds
 * a unit {@link Drains} knows.
 */
public final class DrainWatch {

    private static final Logger LOG = LoggerFactory.getLogger(DrainWatch.class);

    private static final int MOST_SHOWN = 100;

    private final Chain chain;
    private final Drains drains;
    private final InFlight<Lease> inFlight;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    /** The drains under way. */
    private final Map<CompletableFuture<DrainOutcome>, Pending> pending = new ConcurrentHashMap<>();

    /** What a drain waits for, and since when. */
    private record Pending(List<Unit> units, long start) {}

    DrainWatch(
            Chain chain,
            Drains drains,
            InFlight<Lease> inFlight,
            LongSupplier nanoTime,
            ScheduledExecutorService timer) {
        this.chain = chain;
        this.drains = drains;
        this.inFlight = inFlight;
        this.nanoTime = nanoTime;
        this.timer = timer;
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
        pending.put(outcome, new Pending(units, start));
        outcome.whenComplete((drained, never) -> pending.remove(outcome));
        try {
            ScheduledFuture<?> atDeadline = timer.schedule(
                    () -> outcome.complete(new DrainOutcome(giveUp(units, start), since(start))),
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
            outcome.complete(new DrainOutcome(giveUp(units, start), since(start)));
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
    public DrainOutcome await(long bundleId, Duration deadline) {
        long start = nanoTime.getAsLong();
        List<Unit> units = leaving(bundleId);
        boolean free = Bounded.await(drains.whenFree(units), deadline);
        return new DrainOutcome(free ? 0 : giveUp(units, start), since(start));
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
        Set<Unit> serving = Set.copyOf(chain.current().serving());
        return drains.heldOf(bundleId).stream()
                .filter(unit -> !serving.contains(unit) && !unit.isClosed())
                .toList();
    }

    /**
     * Tells which requests are in units of a bundle that have left the chain, closed ones included.
     *
     * @param bundleId the bundle's id
     * @return a moment's picture, in texts
     */
    public OpenRequests requests(long bundleId) {
        Set<Unit> serving = Set.copyOf(chain.current().serving());
        List<Unit> units = drains.heldOf(bundleId).stream()
                .filter(unit -> !serving.contains(unit))
                .toList();
        CompletableFuture<Void> free = drains.whenFree(units);
        if (free.isDone()) {
            return OpenRequests.none();
        }
        long now = nanoTime.getAsLong();
        List<OpenRequests.Request> open = leasesOn(units).stream()
                .map(lease -> new OpenRequests.Request(lease.line(), lease.age(now)))
                .sorted(Comparator.comparing(OpenRequests.Request::age).reversed())
                .toList();
        // As for a drain: what others hang on it must run neither on a request's thread nor in the monitor.
        CompletableFuture<Void> over = free.thenRunAsync(() -> {}, timer);
        return new OpenRequests(open.stream().limit(MOST_SHOWN).toList(), open.size(), over);
    }

    /** Waits no longer for any request: closes every unit that one still holds, and logs the requests. */
    public void giveUp() {
        drains.held().forEach(Unit::close);
        leases().forEach(this::logStuck);
    }

    private long giveUp(List<Unit> units, long start) {
        if (drains.whenFree(units).isDone()) {
            return 0; // the last one was given back just now
        }
        units.forEach(Unit::close);
        List<Lease> stuck = leasesOn(units);
        stuck.forEach(this::logStuck);
        // At least one is left, though the register may not show yet a request that has only just come.
        long left = Math.max(1, stuck.size());
        LOG.warn(
                "{} request(s) still hold {} after {} ms of draining, and are left",
                left,
                units,
                since(start).toMillis());
        return left;
    }

    /**
     * Logs one record for a request that is stuck: method, path, age, thread and its stack.
     *
     * @param lease the request's lease
     */
    private void logStuck(Lease lease) {
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

    List<Lease> leases() {
        List<Lease> leases = new ArrayList<>();
        inFlight.forEach(leases::add);
        return leases;
    }

    /** Ends all drains that are under way, as if at their deadlines: the timer that would do so is gone. */
    void close() {
        pending.forEach((outcome, drain) ->
                outcome.complete(new DrainOutcome(giveUp(drain.units(), drain.start()), since(drain.start()))));
    }

    private Duration since(long start) {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
    }
}
