package dev.sluice.deployer.trial;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ReleaseContent;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedRelease;
import dev.sluice.deployer.status.Entry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a file deploys on its way in: one candidate, or those of a release, which come up, are published and fail together.
 *
 * @param artifact what it is
 * @param entry what the views show of it; that of the candidate itself, if there is one alone
 */
public record Whole(Artifact artifact, Entry entry) {

    public String file() {
        return artifact.file();
    }

    public boolean isRelease() {
        return artifact.release().isPresent();
    }

    /**
     * {@return what the ledger is to have of a release, beside its bundles}
     *
     * @param superseded the digests of those whose place it has taken
     */
    PublishedArtifact published(List<String> superseded) {
        ReleaseContent content = artifact.release().orElseThrow();
        return new PublishedArtifact(
                artifact.file(),
                artifact.sha256(),
                artifact.symbolicName(),
                artifact.version(),
                List.of(),
                artifact.rolledBack(),
                Optional.of(new PublishedRelease(content.traffic(), superseded)));
    }

    public Deployed deployed(List<String> superseded) {
        return new Deployed(published(superseded), OptionalLong.empty(), entry, false);
    }

    /** It is tried. What is said of its parts is said of them. */
    void tried() {
        if (isRelease() && entry.state() != DeploymentState.VERIFIED) {
            entry.to(DeploymentState.VERIFIED);
        }
    }
}
