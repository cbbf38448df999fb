package dev.sluice.chain.snapshot;

import dev.sluice.chain.Split;
import dev.sluice.chain.Trip;
import dev.sluice.chain.split.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Everything from which the next snapshot is made: who provides which middleware, which places stay without a unit, and
 * what operators set over it. Immutable; each operation gives a changed copy.
 */
public final class Roster {

    /**
     * A place to keep for a unit that isn't there yet.
     *
     * @param name the middleware's name
     * @param owner the symbolic name that may fill it
     * @param spec where it stands
     * @param version the version that was published there, if one was
     */
    public record Reservation(String name, String owner, Spec spec, Optional<UnitVersion> version) {

        private Entry entry() {
            return Entry.reserved(owner, spec, version.map(one -> Hold.before(name, one)));
        }
    }

    static final Roster EMPTY = new Roster(Map.of(), Map.of(), Set.of(), Traffic.NONE);

    private final Map<String, Entry> entries;
    private final Map<String, PlaceOverride> overrides;
    private final Set<String> required;
    private final Traffic traffic;

    private Roster(
            Map<String, Entry> entries, Map<String, PlaceOverride> overrides, Set<String> required, Traffic traffic) {
        this.entries = entries;
        this.overrides = overrides;
        this.required = required;
        this.traffic = traffic;
    }

    /** {@return this roster with a unit more} */
    public Roster join(Provider provider) {
        String name = provider.unit().name();
        return change(
                name, entry -> entry.orElseGet(() -> new Entry(provider.unit().symbolicName(), List.of(), List.of()))
                        .with(provider));
    }

    /** {@return this roster with another description of a unit; unchanged if the unit isn't in it} */
    public Roster describe(Unit unit, Spec spec) {
        return provides(unit) ? change(unit.name(), entry -> entry.orElseThrow().describe(unit, spec)) : this;
    }

    /** {@return this roster without a unit, and without its place if nobody is left; unchanged if it isn't in it} */
    public Roster leave(Unit unit) {
        return provides(unit)
                ? change(unit.name(), entry -> entry.orElseThrow().without(leaving -> leaving == unit))
                : this;
    }

    /** {@return this roster without a unit whose place stays; unchanged if the unit isn't in it} */
    public Roster away(Unit unit) {
        return provides(unit) ? change(unit.name(), entry -> entry.orElseThrow().away(unit, hasShare(unit))) : this;
    }

    /** {@return this roster without the units and the vacant places of bundles that leave for good} */
    public Roster retire(Set<Long> bundleIds) {
        return with(
                each(entry -> entry.concerns(bundleIds)
                        ? entry.without(unit -> bundleIds.contains(unit.bundleId()))
                                .withoutVacancy(vacancy -> vacancy.isOf(bundleIds))
                        : entry),
                traffic.without(bundleIds::contains));
    }

    /** {@return this roster, knowing that a bundle can't come back; its vacant places stay until another fills them} */
    public Roster uninstalled(long bundleId) {
        Set<Long> gone = Set.of(bundleId);
        return with(
                each(entry -> entry.concerns(gone) ? entry.uninstalled(bundleId) : entry),
                traffic.without(gone::contains));
    }

    /** {@return this roster with these reservations instead of the earlier ones; they keep only vacant places} */
    public Roster reserve(Collection<Reservation> places) {
        Map<String, Entry> reservations = new LinkedHashMap<>();
        // Of several for one name the highest version's counts, and of those without one the last.
        places.stream()
                .sorted(Comparator.comparing(
                        Reservation::version, Comparator.comparing(version -> version.orElse(UnitVersion.NONE))))
                .forEach(place -> reservations.put(place.name(), place.entry()));
        Map<String, Entry> changed =
                each(entry -> entry.withoutVacancy(vacancy -> vacancy.bundleId().isEmpty()));
        reservations.forEach((name, reserved) -> changed.merge(name, reserved, Entry::reserved));
        return with(changed);
    }

    /** {@return this roster with these overrides, by middleware, instead of the earlier ones} */
    public Roster override(Map<String, PlaceOverride> overrides) {
        return overrides.equals(this.overrides) ? this : new Roster(entries, Map.copyOf(overrides), required, traffic);
    }

    /** {@return this roster with these middleware required, instead of the earlier ones} */
    public Roster require(Set<String> names) {
        return names.equals(required) ? this : new Roster(entries, overrides, Set.copyOf(names), traffic);
    }

    /** {@return this roster with these files of traffic rules, the first first, instead of the earlier ones} */
    public Roster rules(Collection<Ruling.Wanted> files) {
        return with(traffic.rules(files));
    }

    /** {@return this roster with these splits of rollouts instead of the earlier ones} */
    public Roster split(Collection<Split> splits) {
        return with(traffic.split(splits));
    }

    /** {@return this roster with these bundles observed besides those in splits, instead of the earlier ones} */
    public Roster watch(Set<Long> bundles) {
        return bundles.equals(traffic.watched()) ? this : with(traffic.watching(bundles));
    }

    /** {@return this roster with these rules of releases instead of the earlier ones} */
    public Roster releases(List<Traffic.OfRelease> rules) {
        return with(traffic.releases(rules));
    }

    /** Has those units counted what they do that rollouts want to know of, and no others. */
    void observe() {
        Set<Long> observed = traffic.observed();
        for (Entry entry : entries.values()) {
            for (Provider provider : entry.providers()) {
                Unit unit = provider.unit();
                unit.observe(!observed.isEmpty() && observed.contains(unit.bundleId()));
            }
        }
    }

    /** {@return what operators and rollouts say of who gets which requests} */
    public Traffic traffic() {
        return traffic;
    }

    /** {@return the versions that a rule names and that aren't there} */
    public Set<String> missing(Rule rule) {
        return Traffic.missing(rule, units().toList());
    }

    /** {@return the versions that are there of what a rule is for} */
    public Set<String> present(Rule.Subject subject) {
        return Traffic.present(subject, units().toList());
    }

    /** {@return this roster without those of its holds: what they are for isn't waited for any longer} */
    public Roster endHolds(Predicate<Hold> ended) {
        return with(each(entry -> entry.vacancies().isEmpty() ? entry : entry.endHolds(ended)));
    }

    /** {@return the units that are waited for} */
    public Stream<Hold> holds() {
        return entries.values().stream().flatMap(Entry::holds);
    }

    /** {@return the symbolic name that provides or has reserved a middleware} */
    public Optional<String> owner(String name) {
        return Optional.ofNullable(entries.get(name)).map(Entry::owner);
    }

    /** {@return every unit} */
    public Stream<Unit> units() {
        return entries.values().stream()
                .flatMap(entry -> entry.providers().stream())
                .map(Provider::unit);
    }

    /** {@return the middleware of which operators say both} */
    public List<String> disabledButRequired() {
        return required.stream().filter(this::isDisabled).sorted().toList();
    }

    /** {@return whether an operator has disabled a middleware} */
    public boolean isDisabled(String name) {
        return !overrideOf(name).enabled();
    }

    /** {@return the place that a unit would take if it served} */
    public Place placeFor(Provider provider) {
        String name = provider.unit().name();
        PlaceOverride override = overrideOf(name);
        return new Entry(provider.unit().symbolicName(), List.of(provider), List.of())
                .place(name, override, required.contains(name), Optional.empty());
    }

    /**
     * The places of the next snapshot, in order. A place is made of this roster and of nothing else, so what hasn't changed
     * since an earlier one keeps the place that it had there: the very same object.
     *
     * @param before an earlier roster
     * @param earlier the places that were made of that one
     */
    List<Place> places(Roster before, List<Place> earlier) {
        return traffic.equals(before.traffic) ? placesSince(before, earlier) : places();
    }

    /** The same, each made anew. */
    List<Place> places() {
        return placesSince(EMPTY, List.of());
    }

    private List<Place> placesSince(Roster before, List<Place> earlier) {
        List<Place> places = new ArrayList<>(earlier.size() + 1);
        for (Place place : earlier) {
            if (isAsIn(before, place.name())) {
                places.add(place);
            }
        }
        for (String name : entries.keySet()) {
            if (!isAsIn(before, name) && !isDisabled(name)) {
                places.add(place(name));
            }
        }
        for (String name : required) {
            if (!isAsIn(before, name) && (!entries.containsKey(name) || isDisabled(name))) {
                places.add(Place.requiredOnly(name, overrideOf(name)));
            }
        }
        // Hardly any work where nearly all are in order already.
        places.sort(Place.ORDER);
        return places;
    }

    /** All that a place is made of but the traffic. */
    private boolean isAsIn(Roster before, String name) {
        return entries.get(name) == before.entries.get(name)
                && (overrides == before.overrides || overrideOf(name).equals(before.overrideOf(name)))
                && (required == before.required || required.contains(name) == before.required.contains(name));
    }

    private Place place(String name) {
        return entries.get(name).place(name, overrideOf(name), required.contains(name), terms(name));
    }

    private Optional<Terms> terms(String name) {
        Entry entry = entries.get(name);
        return traffic.of(name, entry.owner(), entry.providers());
    }

    private boolean hasShare(Unit unit) {
        return terms(unit.name()).filter(terms -> Parting.hasShare(terms, unit)).isPresent();
    }

    /**
     * {@return this roster with a unit behind its standby, as it has tripped; unchanged if it isn't in it any more, is
     * behind already, or has no standby that hasn't tripped itself}
     */
    public Roster trip(Unit unit, Trip trip) {
        return provider(unit).filter(has -> has.trip().isEmpty()).isPresent() && hasGoodStandby(unit)
                ? change(unit.name(), entry -> entry.orElseThrow().marked(it -> it == unit, Optional.of(trip)))
                : this;
    }

    /** {@return this roster with a version that hasn't tripped any more; unchanged if it hasn't} */
    public Roster reset(String name, String version) {
        return entries.containsKey(name)
                ? change(name, entry -> entry.orElseThrow()
                        .marked(unit -> unit.version().toString().equals(version), Optional.empty()))
                : this;
    }

    /** {@return what made a unit trip, if it has} */
    public Optional<Trip> tripped(Unit unit) {
        return provider(unit).flatMap(Provider::trip);
    }

    /** {@return the unit that serves, or would if the middleware weren't disabled} */
    public Optional<Unit> serving(String name) {
        return Optional.ofNullable(entries.get(name))
                .flatMap(entry -> place(name).serving().or(entry::serving));
    }

    /** {@return whether another version could serve instead of a unit} */
    public boolean hasGoodStandby(Unit unit) {
        Entry entry = entries.get(unit.name());
        return entry != null && entry.hasGoodStandby(unit);
    }

    /** {@return what an operator has set over the trip switch of a middleware} */
    public TripOverride tripOverride(String name) {
        return overrideOf(name).trip();
    }

    private PlaceOverride overrideOf(String name) {
        return overrides.getOrDefault(name, PlaceOverride.NONE);
    }

    private boolean provides(Unit unit) {
        return provider(unit).isPresent();
    }

    private Optional<Provider> provider(Unit unit) {
        return Optional.ofNullable(entries.get(unit.name())).stream()
                .flatMap(entry -> entry.providers().stream())
                .filter(provider -> provider.unit() == unit)
                .findFirst();
    }

    private Roster change(String name, Function<Optional<Entry>, Entry> change) {
        Entry before = entries.get(name);
        Entry after = change.apply(Optional.ofNullable(before));
        if (after.equals(before)) {
            return this;
        }
        Map<String, Entry> changed = new LinkedHashMap<>(entries);
        if (after.isNeeded()) {
            changed.put(name, after);
        } else {
            changed.remove(name);
        }
        return next(changed, traffic);
    }

    /** A copy in which an entry that has nothing to change is the same object. */
    private Map<String, Entry> each(UnaryOperator<Entry> change) {
        Map<String, Entry> changed = new LinkedHashMap<>(entries);
        changed.replaceAll((name, entry) -> change.apply(entry));
        return changed;
    }

    private Roster with(Map<String, Entry> changed) {
        return with(changed, traffic);
    }

    private Roster with(Traffic changed) {
        return changed.equals(traffic) ? this : next(entries, changed);
    }

    /** Takes over the map, of which nobody else knows. */
    private Roster with(Map<String, Entry> changed, Traffic changedTraffic) {
        changed.values().removeIf(entry -> !entry.isNeeded());
        return changed.equals(entries) ? with(changedTraffic) : next(changed, changedTraffic);
    }

    private Roster next(Map<String, Entry> changed, Traffic changedTraffic) {
        Roster next = new Roster(changed, overrides, required, changedTraffic);
        return changedTraffic.isWaiting()
                ? new Roster(
                        changed,
                        overrides,
                        required,
                        changedTraffic.accepting(next.units().toList()))
                : next;
    }
}
