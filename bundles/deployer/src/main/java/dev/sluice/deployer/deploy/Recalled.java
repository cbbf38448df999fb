package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.DeclaredMiddleware;
import dev.sluice.deployer.ledger.PublishedArtifact;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What was published, made an artifact again from what the ledger has of it. */
public final class Recalled {

    private Recalled() {}

    /**
     * {@return the artifact that was published}
     *
     * @param published what the ledger has
     * @param stored its private copy
     */
    public static Artifact of(PublishedArtifact published, Path stored) {
        return new Artifact(
                published.file(),
                published.sha256(),
                stored,
                published.symbolicName(),
                published.version(),
                declared(published),
                published.rolledBack());
    }

    /** What came up once is waited for again. */
    private static List<DeclaredMiddleware> declared(PublishedArtifact published) {
        return published.places().stream()
                .map(place -> new DeclaredMiddleware(Optional.of(place.name()), place.paths(), place.failOpen(), ""))
                .toList();
    }
}
