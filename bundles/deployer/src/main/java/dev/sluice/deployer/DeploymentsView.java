package dev.sluice.deployer;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of the artifacts in the deploy folder.
 *
 * @param folder the deploy folder
 * @param started whether what was last published is back, and the folder was reconciled once
 * @param deployments one for each artifact, ordered by file name
 * @param alarms what an operator should look at, in sentences that say what to do; empty if all is well
 */
public record DeploymentsView(Path folder, boolean started, List<DeploymentView> deployments, List<String> alarms) {

    /** Keeps its own copies of the lists. */
    public DeploymentsView {
        deployments = List.copyOf(deployments);
        alarms = List.copyOf(alarms);
    }
}
