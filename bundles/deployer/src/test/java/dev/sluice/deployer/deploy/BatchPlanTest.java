package dev.sluice.deployer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.ledger.PublishedArtifact;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchPlanTest {

    private static Artifact artifact(String file, String content, String version) {
        return new Artifact(file, content, Path.of(content), "greeting", version, List.of());
    }

    private static PublishedArtifact standing(String file, String content, String version) {
        return new PublishedArtifact(file, content, "greeting", version, List.of());
    }

    private static List<String> files(List<Artifact> artifacts) {
        return artifacts.stream().map(Artifact::file).toList();
    }

    @Test
    void newContentAtAPathReplacesWhateverItsVersion() {
        BatchPlan plan = BatchPlan.of(
                List.of(artifact("a.jar", "new", "1.0.0")), Set.of(), List.of(standing("a.jar", "old", "1.0.0")));
        assertThat(files(plan.candidates())).containsExactly("a.jar");
    }

    @Test
    void theSameContentAtItsPathIsUnchanged() {
        BatchPlan plan = BatchPlan.of(
                List.of(artifact("a.jar", "same", "1.0.0")), Set.of(), List.of(standing("a.jar", "same", "1.0.0")));
        assertThat(files(plan.unchanged())).containsExactly("a.jar");
        assertThat(plan.candidates()).isEmpty();
    }

    @Test
    void theSameContentAtAnotherPathIsADuplicateThoughThatPathIsGone() {
        BatchPlan plan = BatchPlan.of(
                List.of(artifact("b.jar", "same", "1.0.0")),
                Set.of("a.jar"),
                List.of(standing("a.jar", "same", "1.0.0")));
        assertThat(plan.duplicates()).extracting(BatchPlan.Duplicate::twin).containsExactly("a.jar");
    }

    @Test
    void ofTwoFilesWithTheSameNewContentTheFirstByNameIsDeployed() {
        BatchPlan plan = BatchPlan.of(
                List.of(artifact("b.jar", "same", "1.0.0"), artifact("a.jar", "same", "1.0.0")), Set.of(), List.of());
        assertThat(files(plan.candidates())).containsExactly("a.jar");
        assertThat(plan.duplicates()).extracting(BatchPlan.Duplicate::twin).containsExactly("a.jar");
    }

    @Test
    void aVersionThatStandsAtAnotherPathWithOtherContentClashes() {
        BatchPlan plan = BatchPlan.of(
                List.of(artifact("b.jar", "other", "1.0.0")), Set.of(), List.of(standing("a.jar", "one", "1.0.0")));
        assertThat(plan.clashes().values()).singleElement().asString().contains("a.jar is greeting 1.0.0 too");
    }

    @Test
    void aVersionWhosePathGoesOrChangesInTheSameBatchDoesNotClash() {
        assertThat(BatchPlan.of(
                                List.of(artifact("b.jar", "other", "1.0.0")),
                                Set.of("a.jar"),
                                List.of(standing("a.jar", "one", "1.0.0")))
                        .clashes())
                .isEmpty();
        assertThat(BatchPlan.of(
                                List.of(artifact("b.jar", "other", "1.0.0"), artifact("a.jar", "third", "2.0.0")),
                                Set.of(),
                                List.of(standing("a.jar", "one", "1.0.0")))
                        .clashes())
                .isEmpty();
    }

    @Test
    void twoFilesThatSwapTheirContentsDeployNothing() {
        BatchPlan plan = BatchPlan.of(
                List.of(artifact("a.jar", "two", "2.0.0"), artifact("b.jar", "one", "1.0.0")),
                Set.of(),
                List.of(standing("a.jar", "one", "1.0.0"), standing("b.jar", "two", "2.0.0")));
        assertThat(plan.candidates()).isEmpty();
        assertThat(plan.duplicates()).extracting(BatchPlan.Duplicate::twin).containsExactly("b.jar", "a.jar");
    }
}
