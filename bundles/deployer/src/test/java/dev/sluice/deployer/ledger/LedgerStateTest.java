package dev.sluice.deployer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.Cause;
import java.time.Instant;
import java.util.List;
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

        assertThat(state).isEqualTo(LedgerState.EMPTY);
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
