package dev.sluice.chain.snapshot;

import dev.sluice.chain.Split;
import dev.sluice.chain.split.Rule;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What operators and rollouts say of who gets which requests. Immutable. It is a part of the roster, so that a rule that waits
 * for a version takes effect with that version, and not a moment after it has taken all requests.
 *
 * @param rulings the operator's rules, each for another subject
 * @param splits the rollouts'
 * @param releases the rules of releases
 * @param watched bundles whose units are observed though nobody shares requests with them
 */
public record Traffic(List<Ruling> rulings, List<Split> splits, List<OfRelease> releases, Set<Long> watched) {

    /**
     * A release's rule. It waits for nothing: what it names and isn't there has no share.
     *
     * @param file the release's file
     * @param rule the rule
     */
    public record OfRelease(String file, Rule rule) {}

    static final Traffic NONE = new Traffic(List.of(), List.of(), List.of(), Set.of());

    /** Keeps its own copies of the lists. */
    public Traffic {
        rulings = List.copyOf(rulings);
        splits = List.copyOf(splits);
        releases = List.copyOf(releases);
        watched = Set.copyOf(watched);
    }

    /** {@return the same with these rules of releases, instead of the earlier ones} */
    Traffic releases(List<OfRelease> others) {
        return new Traffic(rulings, splits, others, watched);
    }

    /** {@return the same with these bundles observed in any case, instead of the earlier ones} */
    Traffic watching(Set<Long> bundles) {
        return new Traffic(rulings, splits, releases, bundles);
    }

    /** {@return whether an operator's rule goes before a release's, being for the same} */
    public boolean isOverruled(Rule rule) {
        return rules().anyMatch(other -> other.subject().equals(rule.subject()));
    }

    /** {@return the same with these files of the operator's, instead of the earlier ones} */
    Traffic rules(Collection<Ruling.Wanted> files) {
        return new Traffic(
                files.stream().map(file -> Ruling.of(file, ruling(file.id()))).toList(), splits, releases, watched);
    }

    private Optional<Ruling> ruling(String id) {
        return rulings.stream().filter(ruling -> ruling.id().equals(id)).findFirst();
    }

    /** {@return the same with these splits, instead of the earlier ones} */
    Traffic split(Collection<Split> others) {
        Set<Long> seen = new HashSet<>();
        others.stream().flatMap(split -> split.shares().stream()).forEach(share -> {
            if (!seen.add(share.bundleId())) {
                throw new IllegalArgumentException("bundle " + share.bundleId() + " is in two splits");
            }
        });
        return new Traffic(rulings, List.copyOf(others), releases, watched);
    }

    /** {@return the same without the shares of bundles that have left; what is alone then is shared no longer} */
    Traffic without(Predicate<Long> left) {
        if (splits.stream().flatMap(split -> split.shares().stream()).noneMatch(share -> left.test(share.bundleId()))) {
            return this;
        }
        return new Traffic(
                rulings,
                splits.stream().flatMap(split -> without(split, left).stream()).toList(),
                releases,
                watched);
    }

    private static Optional<Split> without(Split split, Predicate<Long> left) {
        var stay = split.shares().stream()
                .filter(share -> !left.test(share.bundleId()))
                .toList();
        boolean shared = stay.size() > 1 && stay.stream().anyMatch(share -> share.weight() > 0);
        return shared ? Optional.of(new Split(split.group(), stay, split.sticky())) : Optional.empty();
    }

    /** {@return whether a rule waits for a version} */
    boolean isWaiting() {
        return rulings.stream().anyMatch(ruling -> ruling.waiting().isPresent());
    }

    /** {@return the same with those rules in force that have waited for nothing but these units} */
    Traffic accepting(Collection<Unit> units) {
        return new Traffic(
                rulings.stream()
                        .map(ruling -> ruling.waiting()
                                .filter(rule -> missing(rule, units).isEmpty())
                                .map(rule -> ruling.accepted())
                                .orElse(ruling))
                        .toList(),
                splits,
                releases,
                watched);
    }

    /** {@return the versions that a rule names and that aren't among these units} */
    static Set<String> missing(Rule rule, Collection<Unit> units) {
        Set<String> there = present(rule.subject(), units);
        return rule.versions().stream()
                .filter(version -> !there.contains(version))
                .collect(Collectors.toSet());
    }

    static Set<String> present(Rule.Subject subject, Collection<Unit> units) {
        return units.stream()
                .filter(unit -> subject.name().equals(subject.byBundle() ? unit.symbolicName() : unit.name()))
                .map(unit -> unit.version().toString())
                .collect(Collectors.toSet());
    }

    /** {@return what a middleware's requests are shared by; the operator's word for it, then for its bundle, goes first} */
    Optional<Terms> of(String name, String owner, Collection<Provider> providers) {
        if (this == NONE) {
            return Optional.empty();
        }
        List<Rule.Subject> subjects = List.of(new Rule.Subject(false, name), new Rule.Subject(true, owner));
        return first(subjects, rules().toList())
                .or(() -> first(subjects, releases.stream().map(OfRelease::rule).toList()))
                .<Terms>map(Terms.OfOperator::new)
                .or(() -> rollout(providers));
    }

    private static Optional<Rule> first(List<Rule.Subject> subjects, List<Rule> rules) {
        return subjects.stream()
                .flatMap(subject -> rules.stream().filter(rule -> rule.subject().equals(subject)))
                .findFirst();
    }

    private Stream<Rule> rules() {
        return rulings.stream().flatMap(ruling -> ruling.inForce().stream());
    }

    private Optional<Terms> rollout(Collection<Provider> providers) {
        return splits.stream()
                .map(Terms.OfRollout::new)
                .filter(terms -> providers.stream().map(Provider::unit).anyMatch(unit -> terms.option(
                                unit.version(), unit.symbolicName(), unit.bundleId())
                        .isPresent()))
                .findFirst()
                .map(terms -> terms);
    }

    /** {@return the bundles whose units are observed} */
    Set<Long> observed() {
        return Stream.concat(
                        watched.stream(),
                        splits.stream()
                                .flatMap(split -> split.shares().stream())
                                .map(share -> share.bundleId()))
                .collect(Collectors.toSet());
    }
}
