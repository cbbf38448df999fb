package dev.sluice.deployer.service;

import dev.sluice.conf.Nearest;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.rollout.policy.PolicyLine;
import dev.sluice.deployer.rollout.policy.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Policies of rollouts that an operator has to mend. */
final class PolicyAlarms {

    private PolicyAlarms() {}

    static DeploymentsView with(DeploymentsView view, Policies policies) {
        List<String> alarms = new ArrayList<>(view.alarms());
        policies.lines().stream()
                .flatMap(line ->
                        Stream.of(refused(line, policies), ofNobody(line, view)).flatMap(Optional::stream))
                .forEach(alarms::add);
        return new DeploymentsView(view.folder(), view.started(), view.deployments(), alarms);
    }

    private static Optional<String> refused(PolicyLine line, Policies policies) {
        boolean isOutdone = policies.lines().stream()
                .anyMatch(other -> other.inForce().isPresent()
                        && line.subject().isPresent()
                        && other.subject().equals(line.subject()));
        String instead = line.inForce().isPresent()
                ? ", and what it said before stays in force"
                : isOutdone ? "" : ", and new versions that it may be for wait";
        return line.refusal()
                .map(why -> "The rollout policy in " + line.file() + " is not taken" + instead + ": " + why);
    }

    /** A name that is misspelt would be silent, and what it was meant for would get all requests at once. */
    private static Optional<String> ofNobody(PolicyLine line, DeploymentsView view) {
        if (!view.started() || line.subject().isEmpty() || line.subject().get().kind() == Subject.Kind.ALL) {
            return Optional.empty();
        }
        Subject subject = line.subject().get();
        Set<String> names = view.deployments().stream()
                .flatMap(deployment -> subject.kind() == Subject.Kind.BUNDLE
                        ? deployment.symbolicName().stream()
                        : deployment.middleware().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return names.contains(subject.name())
                ? Optional.empty()
                : Optional.of(
                        "The rollout policy in " + line.file() + " is for " + subject + ", and nothing of that name is"
                                + " deployed"
                                + Nearest.of(subject.name(), names)
                                        .map(nearest -> " (is \"" + nearest + "\" meant?)")
                                        .orElse("")
                                + ": what it was meant for is rolled out without it");
    }
}
