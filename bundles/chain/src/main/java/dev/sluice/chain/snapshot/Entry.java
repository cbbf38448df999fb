package dev.sluice.chain.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the writer knows of one middleware: who provides it, and what its place is while nobody does.
 *
 * @param owner the symbolic name that its versions come from
 * @param providers its units, the serving one first
 * @param vacant the place without a unit; there whenever the place has to stay without one
 */
record Entry(String owner, List<Provider> providers, Optional<Vacancy> vacant) {

    Entry {
        providers = List.copyOf(providers);
    }

    /**
     * A place that stays though its unit is away, or hasn't come yet.
     *
     * @param spec the place as it was, or as it is declared
     * @param bundleId the bundle whose unit is away; none for a reservation
     */
    record Vacancy(Spec spec, Optional<Long> bundleId) {}

    static Entry reserved(String owner, Spec spec) {
        return new Entry(owner, List.of(), Optional.of(new Vacancy(spec, Optional.empty())));
    }

    /**
     * The unit fills the place, so what was kept vacant is kept no longer. Its symbolic name becomes the owner: who may
     * provide a name has been decided before.
     */
    Entry with(Provider provider) {
        List<Provider> more = Stream.concat(providers.stream(), Stream.of(provider))
                .sorted(Provider.HIGHEST_FIRST)
                .toList();
        return new Entry(provider.unit().symbolicName(), more, Optional.empty());
    }

    Entry without(Predicate<Unit> leaving) {
        return new Entry(
                owner,
                providers.stream().filter(provider -> !leaving.test(provider.unit())).toList(),
                vacant);
    }

    /** The unit goes, its place stays. */
    Entry away(Unit unit) {
        Optional<Vacancy> stays = providers.stream()
                .filter(provider -> provider.unit() == unit)
                .findFirst()
                .map(provider -> new Vacancy(provider.spec(), Optional.of(unit.bundleId())));
        Entry rest = without(leaving -> leaving == unit);
        return rest.providers.isEmpty() && stays.isPresent() ? new Entry(owner, List.of(), stays) : rest;
    }

    Entry withoutVacancy(Predicate<Vacancy> dropped) {
        return new Entry(owner, providers, vacant.filter(vacancy -> !dropped.test(vacancy)));
    }

    boolean isNeeded() {
        return !providers.isEmpty() || vacant.isPresent();
    }

    Place place(String name, PlaceOverride override) {
        Spec own = providers.isEmpty() ? vacant.orElseThrow().spec() : providers.get(0).spec();
        List<Unit> units = providers.stream().map(Provider::unit).toList();
        return new Place(
                name,
                owner,
                override.apply(own),
                units.stream().findFirst(),
                units.isEmpty() ? units : units.subList(1, units.size()));
    }
}
