package dev.sluice.deployer.artifact;

import dev.sluice.deployer.ledger.RolledBack;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a file deploys, verified: a bundle, or a release of several; or a bundle that came in a release. Its bytes lie in the
 * store and change no more.
 *
 * @param file its name in the deploy folder; for what came in a release, {@link ArtifactNames#member its name there}
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param stored its private copy
 * @param symbolicName the bundle's symbolic name, or the release's name
 * @param version the version, normalised ({@code 1.0} is {@code 1.0.0}); empty for a release that has none
 * @param declared the middleware that its manifest declares, or those of its bundles; empty for a library, and for a bundle
 *     that declares nothing
 * @param rolledBack the decision by which it is deployed though the file has other content, if it is
 * @param verified what was verified of its content, for log and status
 * @param release what it consists of, if it is a release
 */
public record Artifact(
        String file,
        String sha256,
        Path stored,
        String symbolicName,
        String version,
        List<DeclaredMiddleware> declared,
        Optional<RolledBack> rolledBack,
        List<String> verified,
        Optional<ReleaseContent> release) {

    /** Keeps its own copies of the lists. */
    public Artifact {
        declared = List.copyOf(declared);
        verified = List.copyOf(verified);
    }

    /** For the content that the file has itself, of which nothing was verified, or nothing is to be said. */
    public Artifact(
            String file,
            String sha256,
            Path stored,
            String symbolicName,
            String version,
            List<DeclaredMiddleware> declared) {
        this(file, sha256, stored, symbolicName, version, declared, Optional.empty(), List.of(), Optional.empty());
    }

    /** {@return a release whose bytes lie in the store} */
    public static Artifact release(
            String file, String sha256, Path stored, String name, String version, ReleaseContent content) {
        List<DeclaredMiddleware> declared = content.members().stream()
                .flatMap(member -> member.declared().stream())
                .toList();
        return new Artifact(
                file, sha256, stored, name, version, declared, Optional.empty(), List.of(), Optional.of(content));
    }

    /** {@return the bundles that it deploys: itself, or those of the release} */
    public List<Artifact> bundles() {
        return release.map(ReleaseContent::members).orElseGet(() -> List.of(this));
    }

    /** {@return the same release with other copies of its bundles} */
    Artifact with(ReleaseContent other) {
        return new Artifact(
                file, sha256, stored, symbolicName, version, declared, rolledBack, verified, Optional.of(other));
    }

    /** {@return the same, with what was verified of it} */
    public Artifact verifiedBy(List<String> notes) {
        return new Artifact(file, sha256, stored, symbolicName, version, declared, rolledBack, notes, release);
    }

    /** {@return the same, with its private copy under another name} */
    public Artifact storedAt(Path path) {
        return new Artifact(file, sha256, path, symbolicName, version, declared, rolledBack, verified, release);
    }

    /** {@return the names of the middleware that its manifest declares, in order} */
    public List<String> declaredNames() {
        return declared.stream()
                .map(DeclaredMiddleware::name)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    /** {@return the same under another name} */
    public Artifact named(String other) {
        Optional<ReleaseContent> renamed = release.map(content -> new ReleaseContent(
                content.members().stream()
                        .map(member -> member.named(ArtifactNames.member(other, ArtifactNames.entry(member.file()))))
                        .toList(),
                content.traffic()));
        return new Artifact(other, sha256, stored, symbolicName, version, declared, rolledBack, verified, renamed);
    }

    /** {@return the same release, called otherwise} */
    public Artifact called(String name) {
        return new Artifact(file, sha256, stored, name, version, declared, rolledBack, verified, release);
    }

    /** {@return the same, deployed by a decision in the place of what the file has} */
    public Artifact by(RolledBack decision) {
        return new Artifact(
                file, sha256, stored, symbolicName, version, declared, Optional.of(decision), verified, release);
    }
}
