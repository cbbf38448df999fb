package dev.sluice.chain.snapshot;

import dev.sluice.chain.Figures;
import dev.sluice.chain.OwnFigures;
import dev.sluice.chain.StuckThread;
import dev.sluice.chain.lease.InFlight;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
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
    private final DrainWatch drainWatch;

    private final Limiters limiters;
    /** Guarded by this. */
    private final Blocking blocking = new Blocking();

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
        this(nanoTime, timer, answers, arming, () -> ThreadLocalRandom.current().nextLong());
    }

    /**
     * The same, with what decides which version a request gets that nothing else tells of.
     *
     * @param nanoTime a monotonic clock
     * @param timer runs what is due at deadlines
     * @param answers sends answers to clients
     * @param arming gives the units that serve their trip switches
     * @param random numbers, from any thread
     */
    public Chain(
            LongSupplier nanoTime,
            ScheduledExecutorService timer,
            Executor answers,
            Arming arming,
            LongSupplier random) {
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.arming = arming;
        this.drainWatch = new DrainWatch(this, drains, inFlight, nanoTime, timer);
        this.limiters = new Limiters(nanoTime, timer, answers);
        this.current = new Snapshot(limiters, random);
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
        Snapshot after = before.next(admission, next.places(roster, before.places()));
        arming.arm(this, next, after.serving());
        // Before a route is linked of it, which looks at the units once.
        next.observe();
        roster = next;
        current = after;
        drains.published(before, after);
        // Wakes those who are held; nothing else hangs on it, so no foreign code runs in here.
        before.replaced().complete(null);
        LOG.debug("generation {}: {}", after.generation(), cause);
        blocking.published(after);
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

    /** {@return what waits for requests to end} */
    public DrainWatch drains() {
        return drainWatch;
    }

    /** {@return the leases that are held now} */
    public List<Lease> leases() {
        return drainWatch.leases();
    }

    /** {@return the threads that are inside a unit past its deadline, or for long where it has none} */
    public Map<Unit, List<StuckThread>> stuck() {
        Map<Unit, List<StuckThread>> stuck = new HashMap<>();
        limiters.stuck().forEach(call -> call.view()
                .ifPresent(view -> stuck.computeIfAbsent(call.unit(), unit -> new ArrayList<>())
                        .add(view)));
        // Of a unit with a deadline they are known already.
        LongStays.among(leases(), nanoTime.getAsLong()).forEach(stuck::putIfAbsent);
        return stuck;
    }

    /**
     * {@return what the units of a bundle have done since they are observed}
     *
     * @param bundleId the bundle's id
     */
    public List<Figures> figures(long bundleId) {
        return roster.units()
                .filter(unit -> unit.bundleId() == bundleId)
                .flatMap(unit -> Optional.ofNullable(unit.tally()).map(tally -> tally.figures(unit)).stream())
                .sorted(Comparator.comparing(Figures::middleware))
                .toList();
    }

    /** {@return what the units that are there have answered themselves} */
    public List<OwnFigures> ownFigures() {
        return roster.units().map(unit -> unit.ownAnswers().figures(unit)).toList();
    }

    /** {@return the units that serve, or that requests still hold} */
    public Collection<Unit> held() {
        return drains.held();
    }

    /** Ends all drains that are under way, as if at their deadlines: the timer that would do so goes. */
    public void close() {
        timer.shutdownNow();
        drainWatch.close();
    }
}
