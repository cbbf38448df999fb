package dev.sluice.deployer.artifact;

import dev.sluice.deployer.ledger.RolledBack;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A verified bundle, whose bytes lie in the store and change no more.
 *
 * @param file its name in the deploy folder
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param stored its private copy
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version, normalised ({@code 1.0} is {@code 1.0.0})
 * @param declared the middleware that its manifest declares; empty for a library, and for a bundle that declares nothing
 * @param rolledBack the decision by which it is deployed though the file has other content, if it is
 */
public record Artifact(
        String file,
        String sha256,
        Path stored,
        String symbolicName,
        String version,
        List<DeclaredMiddleware> declared,
        Optional<RolledBack> rolledBack) {

    /** Keeps its own copy of the list. */
    public Artifact {
        declared = List.copyOf(declared);
    }

    /** For the content that the file has itself. */
    public Artifact(
            String file,
            String sha256,
            Path stored,
            String symbolicName,
            String version,
            List<DeclaredMiddleware> declared) {
        this(file, sha256, stored, symbolicName, version, declared, Optional.empty());
    }

    /** {@return the names of the middleware that its manifest declares, in order} */
    public List<String> declaredNames() {
        return declared.stream()
                .map(DeclaredMiddleware::name)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    /** {@return the same, deployed by a decision in the place of what the file has} */
    public Artifact by(RolledBack decision) {
        return new Artifact(file, sha256, stored, symbolicName, version, declared, Optional.of(decision));
    }
}
