package dev.sluice.deployer.service;

import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.rollout.policy.PolicyLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Policies of rollouts that an operator has to mend. */
final class PolicyAlarms {

    private PolicyAlarms() {}

    static DeploymentsView with(DeploymentsView view, Policies policies) {
        List<String> alarms = new ArrayList<>(view.alarms());
        policies.lines().stream()
                .map(PolicyAlarms::alarm)
                .flatMap(Optional::stream)
                .forEach(alarms::add);
        return new DeploymentsView(view.folder(), view.started(), view.deployments(), alarms);
    }

    private static Optional<String> alarm(PolicyLine line) {
        String instead = line.inForce().isPresent()
                ? ", and what it said before stays in force"
                : ", and new versions that it may be for wait";
        return line.refusal()
                .map(why -> "The rollout policy in " + line.file() + " is not taken" + instead + ": " + why);
    }
}
