package dev.sluice.admin.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.DeploymentsView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FileAlarmsTest {

    private static DeploymentView deployment(String file, DeploymentState state, String reason) {
        return new DeploymentView(
                file,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                state,
                Optional.of(reason),
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    private static List<String> alarms(List<String> ofTheDeployer, DeploymentView... deployments) {
        return FileAlarms.of(new DeploymentsView(Path.of("deploy"), true, List.of(deployments), ofTheDeployer));
    }

    @Test
    void saysOfEachFileThatIsNotTakenWhy() {
        assertThat(alarms(
                        List.of(),
                        deployment("a.jar", DeploymentState.FAILED, "it has no manifest. Pack it with bnd"),
                        deployment("b.jar", DeploymentState.INCOMPLETE, "it still grows"),
                        deployment("c.jar", DeploymentState.PUBLISHED, "fine")))
                .containsExactly(
                        "a.jar in the deploy folder is not taken: it has no manifest.",
                        "b.jar in the deploy folder is not complete: it still grows");
    }

    @Test
    void doesNotSayAgainWhatTheDeployerSays() {
        DeploymentView failed = deployment("a.jar", DeploymentState.FAILED, "its rollout was taken back: it throws");
        assertThat(alarms(List.of("a.jar: its rollout was taken back: it throws"), failed))
                .isEmpty();
        assertThat(alarms(List.of("b.jar: its rollout was taken back: it throws"), failed))
                .hasSize(1);
        assertThat(alarms(List.of("a.jar: its rollout is paused"), failed)).hasSize(1);
    }
}
