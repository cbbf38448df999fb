package dev.sluice.chain.snapshot;

import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.split.Canary;
import dev.sluice.chain.split.Choice;
import dev.sluice.chain.split.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Shares one place's requests among its versions. Each that can be chosen is as it would be alone: on its own paths, at its own
 * ranking. While one with a share is expected back any moment, all requests wait, as nobody may get another version meanwhile;
 * one that is away without that, or has tripped, or has left, has no part. When nobody with a share is left, this says nothing,
 * and the highest version serves.
 */
final class Parting {

    /** A unit, and what it takes part as. */
    private record Part(Provider provider, Option option) {}

    private final Entry entry;
    private final String name;
    private final PlaceOverride override;
    private final boolean required;
    private final Terms terms;
    private final List<Part> parts;

    Parting(Entry entry, String name, PlaceOverride override, boolean required, Terms terms) {
        this.entry = entry;
        this.name = name;
        this.override = override;
        this.required = required;
        this.terms = terms;
        this.parts = parts();
    }

    /** Of two bundles with the same version the newer build takes part. */
    private List<Part> parts() {
        Map<String, Part> byIdentity = new LinkedHashMap<>();
        entry.good().forEach(provider -> option(provider.unit())
                .ifPresent(option -> byIdentity.putIfAbsent(option.identity(), new Part(provider, option))));
        return List.copyOf(byIdentity.values());
    }

    private Optional<Option> option(Unit unit) {
        return terms.option(unit.version(), unit.symbolicName(), unit.bundleId());
    }

    /** {@return whether a unit has a share} */
    static boolean hasShare(Terms terms, Unit unit) {
        return terms.option(unit.version(), unit.symbolicName(), unit.bundleId())
                .filter(option -> option.weight() > 0)
                .isPresent();
    }

    /** {@return the place; empty if nobody with a share is left} */
    Optional<Place> place() {
        List<Entry.Vacancy> awaited = entry.vacancies().stream()
                .filter(Entry.Vacancy::held)
                .filter(this::isAwaited)
                .toList();
        if (!awaited.isEmpty()) {
            return Optional.of(Place.held(name, entry.owner(), whileHeld(awaited), units(Stream.of()), required));
        }
        List<Part> chosen = chosen();
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        if (chosen.size() == 1) {
            return Optional.of(alone(chosen.get(0), units(chosen.stream())));
        }
        Choice choice =
                new Choice(terms.group(), chosen.stream().map(Part::option).toList(), terms.sticky(), terms.canary());
        Sharing sharing = new Sharing(
                choice,
                chosen.stream()
                        .map(part -> alone(part, List.of(part.provider().unit())))
                        .toList());
        return Optional.of(Place.shared(sharing, standbys(chosen)));
    }

    private boolean isAwaited(Entry.Vacancy vacancy) {
        Hold hold = vacancy.away().orElseThrow();
        return terms.option(hold.version(), entry.owner(), hold.bundleId())
                .filter(option -> option.weight() > 0)
                .filter(option -> parts.stream()
                        .noneMatch(part -> part.option().identity().equals(option.identity())))
                .isPresent();
    }

    /**
     * Those with a share, and the canary; and if it alone has a share, the highest of the others too, for those who refuse the
     * canary.
     */
    private List<Part> chosen() {
        if (parts.stream().noneMatch(part -> part.option().weight() > 0)) {
            return List.of();
        }
        Optional<String> canary = terms.canary().map(Canary::identity);
        Optional<Part> instead = parts.stream()
                .filter(part -> !isCanary(part, canary))
                .min((one, other) -> Boolean.compare(
                        other.option().weight() > 0, one.option().weight() > 0));
        boolean canaryThere = parts.stream().anyMatch(part -> isCanary(part, canary));
        return parts.stream()
                .filter(part -> part.option().weight() > 0
                        || isCanary(part, canary)
                        || canaryThere && instead.filter(part::equals).isPresent())
                .toList();
    }

    private static boolean isCanary(Part part, Optional<String> canary) {
        return canary.equals(Optional.of(part.option().identity()));
    }

    private Place alone(Part part, List<Unit> units) {
        return Place.served(name, entry.owner(), spec(part), units, required);
    }

    private Spec spec(Part part) {
        return override.apply(part.provider().spec());
    }

    /** On the paths of all: nobody can say which of them a request that waits will get. */
    private Spec whileHeld(List<Entry.Vacancy> awaited) {
        Spec first = override.apply(awaited.get(0).spec());
        Stream<Spec> away = awaited.stream().map(vacancy -> override.apply(vacancy.spec()));
        Stream<Spec> there = chosen().stream().map(this::spec);
        List<PathPattern> paths = Stream.concat(away, there)
                .flatMap(spec -> spec.paths().stream())
                .distinct()
                .toList();
        return new Spec(first.ranking(), paths, first.onFailure(), first.limits());
    }

    private List<Unit> standbys(List<Part> chosen) {
        List<Unit> standbys = new ArrayList<>(units(Stream.of()));
        chosen.forEach(part -> standbys.remove(part.provider().unit()));
        return standbys;
    }

    private List<Unit> units(Stream<Part> first) {
        return Stream.concat(
                        first.map(part -> part.provider().unit()),
                        entry.providers().stream().map(Provider::unit))
                .distinct()
                .toList();
    }
}
