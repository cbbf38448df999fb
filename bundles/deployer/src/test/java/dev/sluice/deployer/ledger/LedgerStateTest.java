package dev.sluice.deployer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.rollout.Progress;
import dev.sluice.deployer.rollout.RolloutState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerStateTest {

    @Test
    void replacesWhatWasPublishedFromTheSameFile() {
        LedgerState state = LedgerState.EMPTY.with(added("a.jar", "1")).with(added("a.jar", "2"));

        assertThat(state.published().get("a.jar").sha256()).isEqualTo("2");
    }

    @Test
    void takesOutRemovedFilesWithTheirDecisions() {
        LedgerState state = LedgerState.EMPTY
                .with(added("a.jar", "1"))
                .with(decided("a.jar", "1", Decision.STOPPED))
                .with(removed("a.jar"));

        assertThat(state.published()).isEmpty();
        assertThat(state.decisions()).isEmpty();
        assertThat(state.reserved()).isEmpty();
    }

    @Test
    void remembersTheHighestVersionThatWasEverPublishedUnderEachName() {
        LedgerState state = LedgerState.EMPTY
                .with(version("a.jar", "1.9.0"))
                .with(version("a.jar", "1.10.0"))
                .with(version("a.jar", "1.2.0"))
                .with(removed("a.jar"));

        assertThat(state.highest()).containsExactly(Map.entry("com.acme", "1.10.0"));
    }

    @Test
    void takesBackThatAVersionWasPublishedWhichTheChainDidNotTake() {
        LedgerState state = LedgerState.EMPTY
                .with(version("a.jar", "1.0.0"))
                .with(version("b.jar", "2.0.0"))
                .with(new LedgerRecord.Highest(Instant.EPOCH, Map.of("com.acme", "1.0.0")));
        assertThat(state.highest()).containsExactly(Map.entry("com.acme", "1.0.0"));

        assertThat(state.with(new LedgerRecord.Highest(Instant.EPOCH, Map.of("com.acme", "")))
                        .highest())
                .isEmpty();
    }

    @Test
    void countsAVersionThatIsRolledOutWhenThatIsOverAndNotIfItIsTakenBack() {
        LedgerState rolledOut = LedgerState.EMPTY
                .with(version("a.jar", "1.0.0"))
                .with(rollingOut("a.jar", "2.0.0", "1.0.0"))
                .with(version("a.jar", "2.0.0"));
        LedgerRecord over = new LedgerRecord.RolloutOver(Instant.EPOCH, "a.jar");

        assertThat(rolledOut.highest()).containsExactly(Map.entry("com.acme", "1.0.0"));
        assertThat(rolledOut.with(over).highest()).containsExactly(Map.entry("com.acme", "2.0.0"));
        assertThat(rolledOut.with(version("a.jar", "1.0.0")).with(over).highest())
                .containsExactly(Map.entry("com.acme", "1.0.0"));
    }

    static LedgerRecord rollingOut(String file, String candidate, String beside) {
        return new LedgerRecord.RollingOut(
                Instant.EPOCH,
                file,
                candidate,
                file + "#" + beside,
                beside,
                new Progress(Map.of("middleware", "*"), RolloutState.BAKE, 0, Instant.EPOCH, List.of()));
    }

    private static LedgerRecord version(String file, String version) {
        return new LedgerRecord.Published(
                Instant.EPOCH,
                Cause.FILE,
                "test",
                List.of(new PublishedArtifact(file, version, "com.acme", version, List.of())),
                List.of());
    }

    @Test
    void removesBeforeItAddsSoThatAFileMayBeInBoth() {
        LedgerRecord replaced = new LedgerRecord.Published(
                Instant.EPOCH, Cause.FILE, "test", List.of(artifact("a.jar", "2")), List.of("a.jar"));

        assertThat(LedgerState.EMPTY.with(added("a.jar", "1")).with(replaced).published())
                .containsOnlyKeys("a.jar");
    }

    @Test
    void keepsADecisionUntilTheContentChanges() {
        LedgerState stopped = LedgerState.EMPTY.with(added("a.jar", "1")).with(decided("a.jar", "1", Decision.STOPPED));

        assertThat(stopped.with(added("a.jar", "1")).decisions()).containsOnlyKeys("a.jar");
        assertThat(stopped.with(added("b.jar", "2")).decisions()).containsOnlyKeys("a.jar");
        assertThat(stopped.with(added("a.jar", "2")).decisions()).isEmpty();
    }

    @Test
    void takesADecisionBackWhenTheOperatorStarts() {
        assertThat(LedgerState.EMPTY
                        .with(decided("a.jar", "1", Decision.STOPPED))
                        .with(decided("a.jar", "1", Decision.REMOVED))
                        .with(decided("a.jar", "1", Decision.STARTED))
                        .decisions())
                .isEmpty();
    }

    private static LedgerRecord added(String file, String sha256) {
        return new LedgerRecord.Published(
                Instant.EPOCH, Cause.FILE, "test", List.of(artifact(file, sha256)), List.of());
    }

    private static LedgerRecord removed(String file) {
        return new LedgerRecord.Published(Instant.EPOCH, Cause.FILE, "test", List.of(), List.of(file));
    }

    private static PublishedArtifact artifact(String file, String sha256) {
        return new PublishedArtifact(file, sha256, "com.acme", "1.0.0", List.of());
    }

    private static LedgerRecord decided(String file, String sha256, Decision decision) {
        return new LedgerRecord.Decided(Instant.EPOCH, file, sha256, decision, "admin");
    }
}
