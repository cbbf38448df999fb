package dev.sluice.deployer.restore;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.ledger.PublishedArtifact;
import java.util.List;
import java.util.Optional;

/**
 * What comes back from one file, together.
 *
 * @param artifact what is brought up: a bundle, or those of a release that don't run
 * @param parts the same, as the ledger has them
 * @param again what is tried again if that fails: all of the release
 */
record Return(Artifact artifact, List<PublishedArtifact> parts, Optional<Artifact> again) {

    /** Keeps its own copy of the list. */
    Return {
        parts = List.copyOf(parts);
    }

    /** {@return what the ledger has of one of the parts} */
    PublishedArtifact part(String file) {
        return parts.stream().filter(one -> one.file().equals(file)).findFirst().orElseThrow();
    }
}
