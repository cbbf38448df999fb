package dev.sluice.deployer.deploy;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.TrafficView;
import dev.sluice.chain.UnitView;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.rollout.Rollout;
import dev.sluice.deployer.rollout.policy.Choice;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import dev.sluice.deployer.trial.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/**
 * From whom a candidate would take requests, and whether it does so little by little. Confined to the deployer's thread.
 *
 * <p>Published whole, as ever, is what takes requests from nobody, what an operator rolls back to, what an operator's traffic
 * rule decides about, and what a policy without steps and without a bake is for.
 */
final class Predecessors {

    private final Parts parts;
    private final Departures departures;

    Predecessors(Parts parts, Departures departures) {
        this.parts = parts;
        this.departures = departures;
    }

    /** {@return those candidates of a change that had better wait, as nobody can tell by which policy they are rolled out} */
    Map<Candidate, Failure> unclear(Change change) {
        Map<Candidate, Failure> unclear = new LinkedHashMap<>();
        for (Candidate candidate : of(change).keySet()) {
            if (choice(candidate) instanceof Choice.Unclear why) {
                unclear.put(
                        candidate,
                        new Failure(
                                "it isn't known how it is to be rolled out: " + why.reason(),
                                new Waits.ForConfiguration(Policies.PID)));
            }
        }
        return unclear;
    }

    /** {@return beside what candidates of a change are to be rolled out; those that get all requests at once aren't in it} */
    Map<Candidate, Deployed> toBeginBeside(Change change) {
        Map<Candidate, Deployed> beside = of(change);
        beside.keySet()
                .removeIf(candidate -> choice(candidate) instanceof Choice.Chosen chosen && isWhole(chosen.policy()));
        return beside;
    }

    /** {@return the change in which what others are rolled out beside stays, and what was beside a leaver leaves with it} */
    Change plan(Change change) {
        List<Deployed> leaving = new ArrayList<>(change.leaving());
        List<Change.Move> moves = new ArrayList<>(change.moves());
        List<Beginning> begins = new ArrayList<>();
        for (Rolling rolling : parts.rollouts().all()) {
            boolean leaves = parts.rollouts()
                    .candidate(rolling)
                    .filter(leaving::contains)
                    .isPresent();
            if (leaves && rolling.isOfOneFile()) {
                parts.rollouts()
                        .beside(rolling)
                        .filter(one -> !leaving.contains(one))
                        .ifPresent(leaving::add);
            }
        }
        for (Map.Entry<Candidate, Deployed> one : of(change).entrySet()) {
            Candidate candidate = one.getKey();
            Deployed old = one.getValue();
            if (!(choice(candidate) instanceof Choice.Chosen chosen) || isWhole(chosen.policy())) {
                continue;
            }
            String besideFile = old.file();
            if (leaving.remove(old)) {
                Change.Move aside = Change.Move.aside(old);
                moves.add(aside);
                besideFile = aside.file();
            }
            Rollout rollout = Rollout.begin(
                    chosen.policy(), parts.rollouts().nanos(), parts.rollouts().clock());
            begins.add(new Beginning(candidate, old, besideFile, rollout));
        }
        return new Change(
                change.added(),
                leaving,
                moves,
                departures.lingering(leaving),
                change.motive(),
                begins,
                change.instead());
    }

    private static boolean isWhole(RolloutPolicy policy) {
        return policy.steps().size() == 1 && policy.bake().isZero();
    }

    private Choice choice(Candidate candidate) {
        return parts.rollouts()
                .policies()
                .choose(candidate.artifact().symbolicName(), Deployed.names(candidate.published()));
    }

    /** {@return those candidates of a change that would take requests from a unit that serves, and whose it is} */
    private Map<Candidate, Deployed> of(Change change) {
        Map<Candidate, Deployed> predecessors = new LinkedHashMap<>();
        Optional<ChainView> view = Optional.empty();
        for (Candidate candidate : change.added()) {
            List<Deployed> olds = olds(candidate, change);
            if (!olds.isEmpty()) {
                // One picture of the chain for all of them: drawing it takes a while where there is much in it.
                ChainView chain = view.orElseGet(() -> parts.chain().view());
                view = Optional.of(chain);
                predecessor(candidate, olds, chain).ifPresent(old -> predecessors.put(candidate, old));
            }
        }
        return predecessors;
    }

    /** {@return what may serve now in the place of a candidate; nothing if that gets all requests, or none, in any case} */
    private List<Deployed> olds(Candidate candidate, Change change) {
        // A release is published as one: its bundles have no shares of their own.
        if (candidate.whole().isRelease() || candidate.artifact().rolledBack().isPresent() || candidate.isLibrary()) {
            return List.of();
        }
        List<Deployed> others = others(candidate, change);
        if (isStandby(candidate, others, change)) {
            return List.of();
        }
        return Stream.of(change.replacedBy(candidate).stream(), others.stream(), replacedByLower(candidate, change))
                .flatMap(olds -> olds)
                .filter(old -> old.artifact()
                        .symbolicName()
                        .equals(candidate.artifact().symbolicName()))
                .filter(old -> old.entry().state() == DeploymentState.PUBLISHED && !old.isLost())
                .toList();
    }

    private static Optional<Deployed> predecessor(Candidate candidate, List<Deployed> olds, ChainView chain) {
        if (isRuled(chain, candidate.published())) {
            return Optional.empty();
        }
        Set<Long> serving = serving(chain, Deployed.names(candidate.published()));
        return olds.stream()
                .filter(old -> old.bundleId().isPresent()
                        && serving.contains(old.bundleId().getAsLong()))
                .max(Comparator.comparing(
                        old -> Version.parseVersion(old.artifact().version())));
    }

    /** {@return what stays after all, when the lower version that comes with this one in its place is left to wait} */
    private static Stream<Deployed> replacedByLower(Candidate candidate, Change change) {
        Version version = Version.parseVersion(candidate.artifact().version());
        return change.leaving().stream()
                .filter(old -> !old.file().equals(candidate.file()))
                .filter(old -> Version.parseVersion(old.artifact().version()).compareTo(version) < 0)
                .filter(old -> change.added().stream()
                        .anyMatch(other -> other.file().equals(old.file())
                                && other.artifact()
                                        .symbolicName()
                                        .equals(candidate.artifact().symbolicName())));
    }

    private static boolean isStandby(Candidate candidate, List<Deployed> others, Change change) {
        Version version = Version.parseVersion(candidate.artifact().version());
        Stream<String> withIt = change.added().stream()
                .filter(other -> other != candidate)
                .map(Candidate::artifact)
                .filter(other ->
                        other.symbolicName().equals(candidate.artifact().symbolicName()))
                .map(Artifact::version);
        return Stream.concat(others.stream().map(other -> other.artifact().version()), withIt)
                .anyMatch(other -> Version.parseVersion(other).compareTo(version) > 0);
    }

    /** {@return what else is deployed of the same symbolic name, and stays} */
    private List<Deployed> others(Candidate candidate, Change change) {
        Set<Deployed> moved = change.moves().stream().map(Change.Move::deployed).collect(Collectors.toSet());
        return Stream.concat(
                        parts.roster().all().stream().filter(one -> !moved.contains(one)),
                        change.moves().stream().map(Change.Move::moved))
                .filter(one -> one.artifact().isOfAFile() && !one.isRelease())
                .filter(one -> !change.leaving().contains(one))
                .filter(one -> one.artifact()
                        .symbolicName()
                        .equals(candidate.artifact().symbolicName()))
                .toList();
    }

    /** {@return the bundles that serve in places of these names; one that has tripped doesn't} */
    private static Set<Long> serving(ChainView chain, Set<String> names) {
        return chain.places().stream()
                .filter(place -> names.contains(place.name()))
                .flatMap(place -> Stream.concat(place.serving().stream(), place.sharing().stream()))
                .filter(unit -> unit.trip().isEmpty())
                .map(UnitView::bundleId)
                .collect(Collectors.toSet());
    }

    /** {@return whether a traffic rule of an operator, or of a release, stands for what was published: it decides who gets what} */
    static boolean isRuled(ChainControl chain, PublishedArtifact published) {
        return isRuled(chain.view(), published);
    }

    private static boolean isRuled(ChainView chain, PublishedArtifact published) {
        Set<String> names = Deployed.names(published);
        return chain.traffic().stream()
                .filter(rule -> rule.origin() != TrafficView.Origin.ROLLOUT)
                .anyMatch(rule ->
                        rule.byBundle() ? rule.name().equals(published.symbolicName()) : names.contains(rule.name()));
    }
}
