package dev.sluice.deployer.ledger;

import dev.sluice.deployer.ContentView;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An artifact as it was published.
 *
 * @param file its name in the deploy folder
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version
 * @param places the places of its middleware; empty for a library
 * @param rolledBack the decision by which this is deployed though the file has other content, if it is
 */
public record PublishedArtifact(
        String file,
        String sha256,
        String symbolicName,
        String version,
        List<PublishedPlace> places,
        Optional<RolledBack> rolledBack) {

    /** Keeps its own copy of the list. */
    public PublishedArtifact {
        places = List.copyOf(places);
        // Missing in the lines of earlier versions.
        rolledBack = rolledBack == null ? Optional.empty() : rolledBack;
    }

    /** For the content that the file has itself. */
    public PublishedArtifact(
            String file, String sha256, String symbolicName, String version, List<PublishedPlace> places) {
        this(file, sha256, symbolicName, version, places, Optional.empty());
    }

    /** {@return the same under another name} */
    public PublishedArtifact named(String other) {
        return new PublishedArtifact(other, sha256, symbolicName, version, places, rolledBack);
    }

    /** {@return the same, under another decision} */
    public PublishedArtifact with(Optional<RolledBack> other) {
        return new PublishedArtifact(file, sha256, symbolicName, version, places, other);
    }

    /** {@return the digest of what its file has} */
    public String contentOfFile() {
        return rolledBack.map(RolledBack::from).orElse(sha256);
    }

    /** {@return whether it is of a file: what only stays for those that are wired to it has a name that no file has} */
    public boolean isOfAFile() {
        return isOfAFile(file);
    }

    static boolean isOfAFile(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".jar");
    }

    ContentView content() {
        return new ContentView(file, symbolicName, version, sha256);
    }
}
