package dev.sluice.deployer.deploy;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.TrafficView;
import dev.sluice.chain.UnitView;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.rollout.Rollout;
import dev.sluice.deployer.rollout.policy.Choice;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
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
        for (Candidate candidate : change.added()) {
            if (predecessor(candidate, change).isPresent() && choice(candidate) instanceof Choice.Unclear why) {
                unclear.put(
                        candidate,
                        new Failure(
                                "it isn't known how it is to be rolled out: " + why.reason(),
                                new Waits.ForConfiguration(Policies.PID)));
            }
        }
        return unclear;
    }

    /** {@return beside what a candidate of a change is to be rolled out, if it doesn't get all requests at once} */
    Optional<Deployed> toBeginBeside(Candidate candidate, Change change) {
        return predecessor(candidate, change)
                .filter(old -> !(choice(candidate) instanceof Choice.Chosen chosen && isWhole(chosen.policy())));
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
        for (Candidate candidate : change.added()) {
            Optional<Deployed> old = predecessor(candidate, change);
            if (old.isEmpty() || !(choice(candidate) instanceof Choice.Chosen chosen) || isWhole(chosen.policy())) {
                continue;
            }
            String besideFile = old.get().file();
            if (leaving.remove(old.get())) {
                Change.Move aside = Change.Move.aside(old.get());
                moves.add(aside);
                besideFile = aside.file();
            }
            Rollout rollout = Rollout.begin(
                    chosen.policy(), parts.rollouts().nanos(), parts.rollouts().clock());
            begins.add(new Beginning(candidate, old.get(), besideFile, rollout));
        }
        return new Change(change.added(), leaving, moves, departures.lingering(leaving), change.motive(), begins);
    }

    private static boolean isWhole(RolloutPolicy policy) {
        return policy.steps().size() == 1 && policy.bake().isZero();
    }

    private Choice choice(Candidate candidate) {
        return parts.rollouts().policies().choose(candidate.artifact().symbolicName(), names(candidate.published()));
    }

    private Optional<Deployed> predecessor(Candidate candidate, Change change) {
        // A release is published as one: its bundles have no shares of their own.
        if (candidate.whole().isRelease()
                || candidate.artifact().rolledBack().isPresent()
                || candidate.isLibrary()
                || isRuled(candidate)) {
            return Optional.empty();
        }
        List<Deployed> others = others(candidate, change);
        if (isStandby(candidate, others, change)) {
            return Optional.empty();
        }
        Set<Long> serving = serving(names(candidate.published()));
        return Stream.of(change.replacedBy(candidate).stream(), others.stream(), replacedByLower(candidate, change))
                .flatMap(olds -> olds)
                .filter(old -> old.artifact()
                        .symbolicName()
                        .equals(candidate.artifact().symbolicName()))
                .filter(old -> old.entry().state() == DeploymentState.PUBLISHED && !old.isLost())
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
    private Set<Long> serving(Set<String> names) {
        return parts.chain().view().places().stream()
                .filter(place -> names.contains(place.name()))
                .flatMap(place -> Stream.concat(place.serving().stream(), place.sharing().stream()))
                .filter(unit -> unit.trip().isEmpty())
                .map(UnitView::bundleId)
                .collect(Collectors.toSet());
    }

    private boolean isRuled(Candidate candidate) {
        return isRuled(parts.chain(), candidate.published());
    }

    /** {@return whether a traffic rule of an operator, or of a release, stands for what was published: it decides who gets what} */
    static boolean isRuled(ChainControl chain, PublishedArtifact published) {
        Set<String> names = names(published);
        return chain.view().traffic().stream()
                .filter(rule -> rule.origin() != TrafficView.Origin.ROLLOUT)
                .anyMatch(rule ->
                        rule.byBundle() ? rule.name().equals(published.symbolicName()) : names.contains(rule.name()));
    }

    private static Set<String> names(PublishedArtifact published) {
        return published.places().stream().map(PublishedPlace::name).collect(Collectors.toSet());
    }
}
