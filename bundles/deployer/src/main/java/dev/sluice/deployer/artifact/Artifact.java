package dev.sluice.deployer.artifact;

import java.nio.file.Path;
import java.util.List;

/**
 * A verified bundle, whose bytes lie in the store and change no more.
 *
 * @param file its name in the deploy folder
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param stored its private copy
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version, normalised ({@code 1.0} is {@code 1.0.0})
 * @param declared the middleware that its manifest declares; empty for a library, and for a bundle that declares nothing
 * @param verified what was verified of its content, for log and status
 */
public record Artifact(
        String file,
        String sha256,
        Path stored,
        String symbolicName,
        String version,
        List<DeclaredMiddleware> declared,
        List<String> verified) {

    /** Keeps its own copies of the lists. */
    public Artifact {
        declared = List.copyOf(declared);
        verified = List.copyOf(verified);
    }

    /** One of whose content nothing was verified, or nothing is to be said. */
    public Artifact(
            String file,
            String sha256,
            Path stored,
            String symbolicName,
            String version,
            List<DeclaredMiddleware> declared) {
        this(file, sha256, stored, symbolicName, version, declared, List.of());
    }

    /** {@return the same, with what was verified of it} */
    public Artifact verifiedBy(List<String> notes) {
        return new Artifact(file, sha256, stored, symbolicName, version, declared, notes);
    }

    /** {@return the same, with its private copy under another name} */
    public Artifact storedAt(Path path) {
        return new Artifact(file, sha256, path, symbolicName, version, declared, verified);
    }
}
