package dev.sluice.admin.status;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.DeploymentsView;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Says of each file in the deploy folder that isn't taken why: whoever watches the alarms alone sees that it isn't. */
final class FileAlarms {

    private static final Set<DeploymentState> NOT_TAKEN = Set.of(DeploymentState.FAILED, DeploymentState.INCOMPLETE);
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s|\\R");

    private FileAlarms() {}

    static List<String> of(DeploymentsView deployments) {
        return deployments.deployments().stream()
                .filter(deployment -> NOT_TAKEN.contains(deployment.state()))
                .filter(deployment -> !isSaid(deployment, deployments.alarms()))
                .map(FileAlarms::alarm)
                .toList();
    }

    /** The deployer has alarms of its own, as of a rollout that was taken back: one about a file is enough. */
    private static boolean isSaid(DeploymentView deployment, List<String> alarms) {
        return deployment
                .reason()
                .filter(reason -> alarms.contains(deployment.file() + ": " + reason))
                .isPresent();
    }

    private static String alarm(DeploymentView deployment) {
        String reason =
                deployment.reason().map(text -> SENTENCE_END.split(text, 2)[0]).orElse("see the log");
        return deployment.file() + " in the deploy folder is "
                + (deployment.state() == DeploymentState.FAILED ? "not taken: " : "not complete: ") + reason;
    }
}
