package dev.sluice.deployer.deployed;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.DeclaredMiddleware;
import dev.sluice.deployer.artifact.ReleaseContent;
import dev.sluice.deployer.ledger.PublishedArtifact;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
                published.rolledBack(),
                List.of(),
                Optional.empty());
    }

    /**
     * {@return the release that was published}
     *
     * @param published what the ledger has of it
     * @param stored its private copy
     * @param members its bundles
     */
    public static Artifact release(PublishedArtifact published, Path stored, List<Artifact> members) {
        Artifact release = Artifact.release(
                published.file(),
                published.sha256(),
                stored,
                published.symbolicName(),
                published.version(),
                new ReleaseContent(members, published.release().orElseThrow().traffic()));
        return published.rolledBack().map(release::by).orElse(release);
    }

    /**
     * {@return what a file deployed, made an artifact again; empty if it isn't kept}
     *
     * @param parts all that is deployed from the file
     * @param stored finds a private copy
     */
    public static Optional<Artifact> whole(
            PublishedArtifact published, List<Deployed> parts, Function<String, Optional<Path>> stored) {
        Optional<Path> copy = stored.apply(published.sha256());
        if (!published.isRelease()) {
            return copy.map(path -> of(published, path));
        }
        List<PublishedArtifact> members = parts.stream()
                .map(Deployed::artifact)
                .filter(PublishedArtifact::isMember)
                .toList();
        boolean isKept = members.stream()
                .allMatch(member -> stored.apply(member.sha256()).isPresent());
        return copy.filter(path -> isKept)
                .map(path -> release(
                        published,
                        path,
                        members.stream()
                                .map(member ->
                                        of(member, stored.apply(member.sha256()).orElseThrow()))
                                .toList()));
    }

    /** What came up once is waited for again. */
    private static List<DeclaredMiddleware> declared(PublishedArtifact published) {
        return published.places().stream()
                .map(place -> new DeclaredMiddleware(Optional.of(place.name()), place.paths(), place.failOpen(), ""))
                .toList();
    }
}
