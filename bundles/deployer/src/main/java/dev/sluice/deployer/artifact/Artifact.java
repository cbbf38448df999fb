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
 */
public record Artifact(
        String file,
        String sha256,
        Path stored,
        String symbolicName,
        String version,
        List<DeclaredMiddleware> declared) {

    /** Keeps its own copy of the list. */
    public Artifact {
        declared = List.copyOf(declared);
    }
}
