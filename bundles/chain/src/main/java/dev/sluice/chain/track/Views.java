package dev.sluice.chain.track;

import dev.sluice.chain.ChainView;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.RefusedRule;
import dev.sluice.chain.Share;
import dev.sluice.chain.StuckThread;
import dev.sluice.chain.TrafficView;
import dev.sluice.chain.Trip;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Lease;
import dev.sluice.chain.snapshot.Place;
import dev.sluice.chain.snapshot.Sharing;
import dev.sluice.chain.snapshot.Snapshot;
import dev.sluice.chain.snapshot.Traffic;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.chain.split.Canary;
import dev.sluice.chain.split.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** Draws the picture of one moment for observers. Nothing in it refers to a bundle's classes. */
final class Views {

    private final Snapshot snapshot;
    private final Map<Unit, Long> leases = new HashMap<>();
    private final Map<Unit, List<StuckThread>> stuck;
    private final long inFlight;
    private final Chain chain;

    private final TrafficBook rules;

    Views(Chain chain, TrafficBook rules) {
        this.chain = chain;
        this.rules = rules;
        this.snapshot = chain.current();
        List<Lease> held = chain.leases();
        held.forEach(lease -> lease.units().forEach(unit -> leases.merge(unit, 1L, Long::sum)));
        this.stuck = chain.stuck();
        this.inFlight = held.size();
    }

    ChainView draw(boolean stopping, List<Registration> candidates, int waiting, List<String> alarms) {
        Set<Unit> placed = new HashSet<>();
        List<PlaceView> places =
                snapshot.places().stream().map(place -> place(place, placed)).toList();
        List<UnitView> others = new ArrayList<>();
        candidates.forEach(candidate -> others.add(candidate(candidate)));
        chain.roster().units().filter(placed::add).forEach(unit -> others.add(unit(unit, UnitState.DISABLED)));
        chain.held().stream().filter(placed::add).forEach(unit -> others.add(unit(unit, UnitState.DRAINING)));
        return new ChainView(
                snapshot.generation(),
                snapshot.isOpen(),
                stopping,
                places,
                others,
                inFlight,
                waiting,
                traffic(),
                refused(),
                alarms);
    }

    private PlaceView place(Place place, Set<Unit> placed) {
        placed.addAll(place.units());
        placed.addAll(place.standbys());
        return new PlaceView(
                place.name(),
                place.owner(),
                place.spec().ranking(),
                place.spec().pathTexts(),
                place.spec().onFailure(),
                place.serving().map(unit -> serving(unit, place.sharing())),
                place.standbys().stream().map(this::standby).toList(),
                place.held(),
                place.sharing().isEmpty()
                        ? List.of()
                        : place.units().stream()
                                .map(unit -> serving(unit, place.sharing()))
                                .toList(),
                place.required());
    }

    /** With a switch that is open it serves in name only; without, also a unit that was tripped serves if no other is left. */
    private UnitView serving(Unit unit, Optional<Sharing> sharing) {
        Optional<Trip> shut = unit.tripSwitch().trip();
        return unit(
                unit,
                shut.isPresent() ? UnitState.TRIPPED : UnitState.SERVING,
                shut.or(() -> chain.roster().tripped(unit)),
                sharing.isPresent() ? OptionalDouble.of(sharing.get().share(unit)) : OptionalDouble.empty());
    }

    private UnitView standby(Unit unit) {
        Optional<Trip> trip = chain.roster().tripped(unit);
        return unit(unit, trip.isPresent() ? UnitState.TRIPPED : UnitState.STANDBY, trip, OptionalDouble.empty());
    }

    private UnitView unit(Unit unit, UnitState state) {
        return unit(unit, state, Optional.empty(), OptionalDouble.empty());
    }

    private UnitView unit(Unit unit, UnitState state, Optional<Trip> trip, OptionalDouble share) {
        return new UnitView(
                unit.name(),
                unit.version().toString(),
                unit.symbolicName(),
                unit.bundleId(),
                state,
                leases.getOrDefault(unit, 0L),
                stuck.getOrDefault(unit, List.of()),
                trip,
                share);
    }

    private List<TrafficView> traffic() {
        Traffic traffic = chain.roster().traffic();
        List<TrafficView> views = new ArrayList<>();
        traffic.rulings().forEach(ruling -> ruling.inForce()
                .ifPresent(rule -> views.add(view(TrafficView.Origin.OPERATOR, rules.name(ruling.id()), rule))));
        traffic.releases().stream()
                .filter(one -> !traffic.isOverruled(one.rule()))
                .forEach(one -> views.add(view(TrafficView.Origin.RELEASE, one.file(), one.rule())));
        traffic.splits()
                .forEach(split -> views.add(new TrafficView(
                        TrafficView.Origin.ROLLOUT,
                        true,
                        split.group(),
                        Optional.empty(),
                        split.shares().stream()
                                .map(share -> new TrafficView.Part(version(share), share.weight()))
                                .toList(),
                        split.sticky(),
                        Optional.empty(),
                        Optional.empty())));
        return views;
    }

    private static TrafficView view(TrafficView.Origin origin, String file, Rule rule) {
        return new TrafficView(
                origin,
                rule.subject().byBundle(),
                rule.subject().name(),
                Optional.of(file),
                rule.weights().stream()
                        .map(option -> new TrafficView.Part(option.identity(), option.weight()))
                        .toList(),
                rule.sticky(),
                rule.canary().map(Canary::identity),
                rule.canary().map(Canary::header));
    }

    /** The operator's files that aren't taken, and the rules of releases that an operator's goes before. */
    private List<RefusedRule> refused() {
        Traffic traffic = chain.roster().traffic();
        return Stream.concat(
                        rules.refused().values().stream(),
                        traffic.releases().stream()
                                .filter(one -> traffic.isOverruled(one.rule()))
                                .map(one -> new RefusedRule(
                                        one.file(),
                                        "its rule for " + one.rule().subject()
                                                + " has no effect, as an operator's rule for the same goes before it",
                                        false)))
                .toList();
    }

    /** While nothing of the bundle is there, only what the rollout calls it is known. */
    private String version(Share share) {
        return chain.roster()
                .units()
                .filter(unit -> unit.bundleId() == share.bundleId())
                .map(unit -> unit.version().toString())
                .findFirst()
                .orElse(share.identity());
    }

    private static UnitView candidate(Registration registration) {
        return new UnitView(
                registration.name(),
                registration.version().toString(),
                registration.symbolicName(),
                registration.bundleId(),
                UnitState.CANDIDATE,
                0);
    }
}
