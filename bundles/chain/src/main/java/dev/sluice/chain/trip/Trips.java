package dev.sluice.chain.trip;

import dev.sluice.chain.Trip;
import dev.sluice.chain.snapshot.Arming;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.chain.snapshot.TripRules.Mode;
import dev.sluice.chain.snapshot.TripSwitch;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.chain.trip.CallWindow.Count;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each unit that serves the switch that it needs now, and takes those that trip behind their standby.
 *
 * <p>A switch trips on a request's thread, which must not become the writer: it hands the trip over, and goes on. So between
 * the two the chain may have changed in any way, and what counts is decided by {@link Roster#trip} inside the change, where
 * nothing else changes: if the unit was replaced, or has left, nothing happens; if its standby has left, or has tripped
 * meanwhile, it goes on serving; if a newer version has come, it is no good standby for that one. Whatever came in between
 * has made a generation of its own, and with it this has armed each unit by what it then found: a switch whose trip came to
 * nothing is spent, and is replaced there.
 */
public final class Trips implements Arming {

    private static final Logger LOG = LoggerFactory.getLogger(Trips.class);

    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Executor writer;
    private volatile TripRules defaults = TripRules.DEFAULT;

    /**
     * Makes no switch yet.
     *
     * @param nanoTime a monotonic clock
     * @param clock a clock to show
     * @param writer runs what changes the chain
     */
    public Trips(LongSupplier nanoTime, InstantSource clock, Executor writer) {
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.writer = writer;
    }

    /**
     * Sets what holds for all middleware that say nothing else, from the next generation on.
     *
     * @param rules the rules
     * @return whether that differs from what held before
     */
    public boolean defaults(TripRules rules) {
        boolean differs = !rules.equals(defaults);
        defaults = rules;
        return differs;
    }

    @Override
    public void arm(Chain chain, Roster roster, Collection<Unit> serving) {
        for (Unit unit : serving) {
            unit.arm(next(chain, roster, unit));
        }
    }

    private TripSwitch next(Chain chain, Roster roster, Unit unit) {
        TripRules rules = roster.tripOverride(unit.name()).over(defaults);
        TripSwitch present = unit.tripSwitch();
        if (rules.mode() == Mode.OFF) {
            return TripSwitch.NONE;
        }
        if (roster.hasGoodStandby(unit)) {
            Optional<Trip> shut = present.trip();
            if (shut.isPresent()) {
                // Now there is a standby, which serves from the next generation on.
                handOver(chain, unit, shut.get(), rules);
                return present;
            }
            return present instanceof StandbySwitch same && same.isFor(rules)
                    ? same
                    : new StandbySwitch(rules, nanoTime, count -> handOver(chain, unit, trip(count, rules), rules));
        }
        if (rules.mode() == Mode.ON) {
            return present instanceof ShuttingSwitch same && same.isFor(rules)
                    ? same
                    : new ShuttingSwitch(unit.toString(), rules, nanoTime, clock, roster.tripped(unit));
        }
        return TripSwitch.NONE;
    }

    private Trip trip(Count count, TripRules rules) {
        return new Trip(clock.instant(), count.calls(), count.failures(), rules.window());
    }

    private void handOver(Chain chain, Unit unit, Trip trip, TripRules rules) {
        try {
            writer.execute(() -> takeBehind(chain, unit, trip, rules));
        } catch (RejectedExecutionException closed) {
            LOG.debug("{} would trip, but the chain is closed", unit);
        }
    }

    private static void takeBehind(Chain chain, Unit unit, Trip trip, TripRules rules) {
        AtomicReference<Roster> changed = new AtomicReference<>();
        chain.change(
                roster -> {
                    Roster next = roster.trip(unit, trip);
                    changed.set(next == roster ? null : next);
                    return next;
                },
                unit + " has tripped");
        Optional.ofNullable(changed.get())
                .flatMap(roster -> roster.serving(unit.name()))
                .ifPresent(standby -> LOG.error(
                        "{} has tripped: {}, and {} % is the limit. {} serves instead. See its failures in this log, and"
                                + " put a version into the deploy folder that has them mended; or let this one serve"
                                + " again: POST /api/v1/trip/reset on the admin listener, with name={} and version={}.",
                        unit, trip.reason(), rules.share(), standby, unit.name(), unit.version()));
    }

    /**
     * Lets a version that has tripped serve again.
     *
     * @param chain the chain
     * @param name the middleware's name
     * @param version the unit's version
     * @return whether it had tripped
     */
    public boolean reset(Chain chain, String name, String version) {
        // Marks first: the generation without them gives a unit that was behind a new switch.
        AtomicReference<List<Unit>> marked = new AtomicReference<>(List.of());
        chain.change(
                roster -> {
                    marked.set(versions(roster, name, version)
                            .filter(unit -> roster.tripped(unit).isPresent())
                            .toList());
                    return roster.reset(name, version);
                },
                name + " " + version + " was reset");
        List<ShuttingSwitch> shut = versions(chain.roster(), name, version)
                .map(Unit::tripSwitch)
                .filter(its -> its.trip().isPresent())
                .filter(ShuttingSwitch.class::isInstance)
                .map(ShuttingSwitch.class::cast)
                .toList();
        shut.forEach(ShuttingSwitch::reset);
        boolean found = !marked.get().isEmpty() || !shut.isEmpty();
        if (found) {
            LOG.info("the trip switch of {} {} was reset", name, version);
        }
        return found;
    }

    private static Stream<Unit> versions(Roster roster, String name, String version) {
        return roster.units()
                .filter(unit ->
                        unit.name().equals(name) && unit.version().toString().equals(version));
    }
}
