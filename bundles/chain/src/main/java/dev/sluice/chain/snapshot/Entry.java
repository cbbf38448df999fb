package dev.sluice.chain.snapshot;

import dev.sluice.chain.Trip;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the writer knows of one middleware: who provides it, and what its place is while nobody does.
 *
 * @param owner the symbolic name that its versions come from
 * @param providers its units, the highest version first
 * @param vacancies why the place stays when no unit is left, the latest first. There may be some beside units: a version
 *     that is away is still expected back after the one that stands in for it has gone
 */
record Entry(String owner, List<Provider> providers, List<Vacancy> vacancies) {

    Entry {
        providers = List.copyOf(providers);
        vacancies = List.copyOf(vacancies);
    }

    /**
     * A place that stays though its unit is away, or hasn't come yet.
     *
     * @param spec the place as it was, or as it is declared
     * @param away which unit that is; for a reservation, one without a bundle, or none at all
     * @param installed whether its bundle is still there, and so may come back
     * @param held whether the bundle is expected back any moment, so that requests wait for it
     */
    record Vacancy(Spec spec, Optional<Hold> away, boolean installed, boolean held) {

        Vacancy withoutHold() {
            return new Vacancy(spec, away, installed, false);
        }

        Vacancy uninstalled() {
            return new Vacancy(spec, away, false, false);
        }

        Optional<Long> bundleId() {
            return away.filter(Hold::hasBundle).map(Hold::bundleId);
        }

        boolean isOf(long id) {
            return bundleId().filter(own -> own == id).isPresent();
        }

        boolean isOf(Set<Long> ids) {
            return bundleId().filter(ids::contains).isPresent();
        }

        boolean precedes(Unit unit) {
            return away.filter(hold -> hold.precedes(unit)).isPresent();
        }
    }

    static Entry reserved(String owner, Spec spec, Optional<Hold> published) {
        return new Entry(owner, List.of(), List.of(new Vacancy(spec, published, false, false)));
    }

    /**
     * A unit, and one that is away, knows its place better than a reservation does; unless that is for a higher version than
     * all of them, which was published and couldn't be brought back.
     */
    Entry reserved(Entry reservation) {
        if (!isNeeded()) {
            return reservation;
        }
        Vacancy reserved = reservation.vacancies.get(0);
        return precedesAll(reserved)
                ? new Entry(
                        owner,
                        providers,
                        Stream.concat(vacancies.stream(), Stream.of(reserved)).toList())
                : this;
    }

    private boolean precedesAll(Vacancy reserved) {
        Stream<Hold> present = providers.stream().map(Provider::unit).map(Hold::of);
        Stream<Hold> away = vacancies.stream().flatMap(vacancy -> vacancy.away().stream());
        return reserved.away()
                .filter(hold -> Stream.concat(present, away).allMatch(other -> Hold.ORDER.compare(hold, other) > 0))
                .isPresent();
    }

    /**
     * The unit fills the place, so what was kept vacant is kept no longer, but for other bundles that may come back, and for
     * higher versions that somebody has uninstalled: their files may be in the folder still. Its symbolic name becomes the
     * owner: who may provide a name has been decided before.
     */
    Entry with(Provider provider) {
        List<Provider> more = Stream.concat(providers.stream(), Stream.of(provider))
                .sorted(Provider.HIGHEST_FIRST)
                .toList();
        long bundleId = provider.unit().bundleId();
        return new Entry(provider.unit().symbolicName(), more, vacancies)
                .withoutVacancy(vacancy ->
                        vacancy.isOf(bundleId) || !vacancy.installed() && !vacancy.precedes(provider.unit()));
    }

    /** {@return whether one of the bundles provides it, or did and left a vacancy} */
    boolean concerns(Set<Long> bundleIds) {
        for (Provider provider : providers) {
            if (bundleIds.contains(provider.unit().bundleId())) {
                return true;
            }
        }
        for (Vacancy vacancy : vacancies) {
            if (vacancy.isOf(bundleIds)) {
                return true;
            }
        }
        return false;
    }

    /** When the last unit of the owner has left, the place belongs to whoever is left. */
    Entry without(Predicate<Unit> leaving) {
        List<Provider> rest = providers.stream()
                .filter(provider -> !leaving.test(provider.unit()))
                .toList();
        boolean ownerStays = rest.isEmpty()
                || rest.stream()
                        .anyMatch(provider -> provider.unit().symbolicName().equals(owner));
        return new Entry(ownerStays ? owner : rest.get(0).unit().symbolicName(), rest, vacancies);
    }

    /**
     * The unit goes, its place stays; and held, if it is the unit that serves there.
     *
     * @param unit the unit
     * @param hasShare whether it is one of several that do
     */
    Entry away(Unit unit, boolean hasShare) {
        boolean held = hasShare || serving().orElseThrow() == unit;
        Stream<Vacancy> stays = providers.stream()
                .filter(provider -> provider.unit() == unit)
                .map(provider -> new Vacancy(provider.spec(), Optional.of(Hold.of(unit)), true, held));
        Entry rest = without(leaving -> leaving == unit).withoutVacancy(vacancy -> vacancy.isOf(unit.bundleId()));
        return new Entry(
                owner,
                rest.providers,
                Stream.concat(stays, rest.vacancies.stream()).toList());
    }

    Entry describe(Unit unit, Spec spec) {
        return new Entry(
                owner,
                providers.stream()
                        .map(provider -> provider.unit() == unit ? provider.with(spec) : provider)
                        .toList(),
                vacancies);
    }

    /** The bundle itself won't come back; but who uninstalled it has not removed the middleware. */
    Entry uninstalled(long bundleId) {
        return new Entry(
                owner,
                providers,
                vacancies.stream()
                        .map(vacancy -> vacancy.isOf(bundleId) ? vacancy.uninstalled() : vacancy)
                        .toList());
    }

    /** Nobody waits any longer for what these holds are for; the places stay. */
    Entry endHolds(Predicate<Hold> ended) {
        return new Entry(
                owner,
                providers,
                vacancies.stream()
                        .map(vacancy ->
                                vacancy.held() && ended.test(vacancy.away().orElseThrow())
                                        ? vacancy.withoutHold()
                                        : vacancy)
                        .toList());
    }

    Stream<Hold> holds() {
        return vacancies.stream().filter(Vacancy::held).flatMap(vacancy -> vacancy.away().stream());
    }

    /**
     * A unit that came meanwhile and goes before the one that is away needs nobody to wait. One that has tripped doesn't go
     * before: what is held is the standby that it had to make way for.
     */
    private boolean isHeld() {
        Optional<Unit> best = good().findFirst().map(Provider::unit);
        return holds().anyMatch(hold -> best.isEmpty() || hold.precedes(best.get()));
    }

    Entry withoutVacancy(Predicate<Vacancy> dropped) {
        return vacancies.isEmpty()
                ? this
                : new Entry(
                        owner,
                        providers,
                        vacancies.stream().filter(dropped.negate()).toList());
    }

    boolean isNeeded() {
        return !providers.isEmpty() || !vacancies.isEmpty();
    }

    Place place(String name, PlaceOverride override, boolean required, Optional<Terms> terms) {
        List<Unit> units = servingFirst();
        if (override.blocks()) {
            return Place.blocked(name, owner, override.apply(spec()), units, required);
        }
        Optional<Place> parted = terms.flatMap(its -> new Parting(this, name, override, required, its).place());
        return parted.orElseGet(() -> place(name, override, required, units));
    }

    /** The highest version serves. */
    private Place place(String name, PlaceOverride override, boolean required, List<Unit> units) {
        if (isHeld()) {
            return Place.held(name, owner, override.apply(spec()), units, required);
        }
        if (units.isEmpty()) {
            return Place.vacant(name, owner, override.apply(spec()), required);
        }
        return Place.served(name, owner, override.apply(spec()), units, required);
    }

    /**
     * The highest version describes the place, also while it is away and a lower one stands in for it: nobody has taken it
     * out, so the paths that only it guards must not open.
     */
    private Spec spec() {
        Optional<Vacancy> away = vacancies.stream()
                .filter(vacancy -> vacancy.away().isPresent())
                .max(Comparator.comparing(vacancy -> vacancy.away().orElseThrow(), Hold.ORDER));
        if (providers.isEmpty()) {
            return away.orElseGet(() -> vacancies.get(0)).spec();
        }
        Provider highest = providers.get(0);
        return away.filter(vacancy -> vacancy.precedes(highest.unit()))
                .map(Vacancy::spec)
                .orElse(highest.spec());
    }

    // ---- trip switches: a trip changes who fills the place, and never the place itself. Its spec stays the highest
    // version's, so that no failure, which a client may have provoked, opens a path that this version guards.

    /** The highest version that hasn't tripped; if all have, the highest: a doubtful unit is better than an empty place. */
    Optional<Unit> serving() {
        return good().findFirst().or(() -> providers.stream().findFirst()).map(Provider::unit);
    }

    private List<Unit> servingFirst() {
        Stream<Unit> all = providers.stream().map(Provider::unit);
        return Stream.concat(serving().stream(), all).distinct().toList();
    }

    Stream<Provider> good() {
        return providers.stream().filter(provider -> provider.trip().isEmpty());
    }

    /** {@return whether a unit other than this one is there that hasn't tripped} */
    boolean hasGoodStandby(Unit unit) {
        // Asked of every unit at each publish, and most are alone.
        return providers.size() > 1 && good().anyMatch(provider -> provider.unit() != unit);
    }

    Entry marked(Predicate<Unit> which, Optional<Trip> trip) {
        return new Entry(
                owner,
                providers.stream()
                        .map(provider -> which.test(provider.unit()) ? provider.with(trip) : provider)
                        .toList(),
                vacancies);
    }
}
