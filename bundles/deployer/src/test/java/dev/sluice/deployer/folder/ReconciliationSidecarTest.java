package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.integrity.Inspection;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import dev.sluice.deployer.integrity.PublishedBefore;
import dev.sluice.deployer.integrity.Standards;
import dev.sluice.deployer.store.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What stands beside a file belongs to what it looks like, also where no event tells of it. */
class ReconciliationSidecarTest extends ReconciliationSetup {

    private Presence digest = Presence.IF_PRESENT;

    @Override
    Inspection inspection() {
        Standards standards = new Standards(
                () -> new IntegrityPolicy(digest, Presence.OFF, false, Set.of(), Set.of(), Duration.ofSeconds(30)),
                home.resolve("trust"),
                Optional.empty(),
                alarms -> {});
        PublishedBefore nothing = new PublishedBefore() {
            @Override
            public Optional<String> highest(String symbolicName) {
                return Optional.empty();
            }

            @Override
            public Map<String, String> highest() {
                return Map.of();
            }

            @Override
            public Map<String, String> baking() {
                return Map.of();
            }

            @Override
            public boolean isSuperseded(String sha256) {
                return false;
            }

            @Override
            public boolean isPublished(String sha256) {
                return false;
            }
        };
        return new Inspection(dir, new Verification(() -> limits), standards, nothing);
    }

    private void digestOf(byte[] content) throws IOException {
        Path file = Files.write(home.resolve("content"), content);
        write("a.jar.sha256", (Sha256.of(file) + "  a.jar\n").getBytes());
    }

    /** No event tells of anything. */
    private List<String> scanned() {
        pass(SCAN);
        settleOnly();
        return heard.drain();
    }

    @Test
    void goesOnWhenTheScanFindsTheDigestThatAFileWaitsForAndSaysAtOnceThatItWaits() throws IOException {
        digest = Presence.REQUIRED;
        write("a.jar", ONE);
        settle(touched("a.jar"));
        assertThat(heard.drain())
                .satisfiesExactly(line -> assertThat(line).isEqualTo("seen a.jar"), line -> assertThat(line)
                        .startsWith("held a.jar: waiting: its digest a.jar.sha256 isn't there"));
        assertThat(dir.resolve("a.jar.failed")).doesNotExist();
        assertThat(scanned()).isEmpty();
        assertThat(scanned())
                .singleElement()
                .asString()
                .startsWith("waiting a.jar: waiting: its digest a.jar.sha256 isn't there");
        assertThat(dir.resolve("a.jar.failed")).exists();

        digestOf(ONE);
        assertThat(scanned()).containsExactly("batch +a.jar");
        assertThat(dir.resolve("a.jar.failed")).doesNotExist();
    }

    @Test
    void looksAgainAtARefusedFileWhenTheScanFindsAnotherDigestAndOnlyThen() throws IOException {
        digestOf(TWO);
        write("a.jar", ONE);
        settle(touched("a.jar"));
        assertThat(heard.drain()).containsExactly("seen a.jar", "batch !a.jar");
        assertThat(scanned()).isEmpty();

        digestOf(ONE);
        assertThat(scanned()).containsExactly("seen a.jar", "batch +a.jar");
    }

    @Test
    void saysNothingOfASidecarThatChangesBesideADeployedFile() throws IOException {
        deployed("a.jar", ONE);
        digestOf(TWO);
        assertThat(scanned()).isEmpty();
        Files.delete(dir.resolve("a.jar.sha256"));
        settle(touched("a.jar"));
        assertThat(heard.drain()).isEmpty();

        digestOf(TWO);
        write("a.jar", TWO);
        assertThat(scanned()).containsExactly("seen a.jar", "batch +a.jar");
    }

    @Test
    void judgesAnewWhatARuleWasAgainstWhenTheRuleHasChangedAndNothingElse() throws IOException {
        write("b.jar", "no zip".getBytes());
        settle(touched("b.jar"));
        heard.drain();
        digest = Presence.REQUIRED;
        write("a.jar", ONE);
        settle(touched("a.jar"));
        heard.drain();

        digest = Presence.IF_PRESENT;
        assertThat(scanned()).containsExactly("batch +a.jar");
    }
}
