package dev.sluice.deployer.ledger;

import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.artifact.ArtifactNames;
import java.util.List;
import java.util.Optional;

/**
 * An artifact as it was published: a bundle, or the release that some came in.
 *
 * @param file its name in the deploy folder, or in the release there that it came in
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version
 * @param places the places of its middleware; empty for a library
 * @param rolledBack the decision by which this is deployed though the file has other content, if it is
 * @param release what makes it a release, if it is one: it has a name instead of a symbolic name, and no bundle of its own
 */
public record PublishedArtifact(
        String file,
        String sha256,
        String symbolicName,
        String version,
        List<PublishedPlace> places,
        Optional<RolledBack> rolledBack,
        Optional<PublishedRelease> release) {

    /** Keeps its own copy of the list. */
    public PublishedArtifact {
        places = List.copyOf(places);
        // Missing in the lines of earlier versions.
        rolledBack = rolledBack == null ? Optional.empty() : rolledBack;
        release = release == null ? Optional.empty() : release;
    }

    /** For a bundle. */
    public PublishedArtifact(
            String file,
            String sha256,
            String symbolicName,
            String version,
            List<PublishedPlace> places,
            Optional<RolledBack> rolledBack) {
        this(file, sha256, symbolicName, version, places, rolledBack, Optional.empty());
    }

    /** For the content that the file has itself. */
    public PublishedArtifact(
            String file, String sha256, String symbolicName, String version, List<PublishedPlace> places) {
        this(file, sha256, symbolicName, version, places, Optional.empty());
    }

    /** {@return the same under another name} */
    public PublishedArtifact named(String other) {
        return new PublishedArtifact(other, sha256, symbolicName, version, places, rolledBack, release);
    }

    /** {@return the same release, called otherwise} */
    public PublishedArtifact called(String name) {
        return new PublishedArtifact(file, sha256, name, version, places, rolledBack, release);
    }

    /** {@return the same, under another decision} */
    public PublishedArtifact with(Optional<RolledBack> other) {
        return new PublishedArtifact(file, sha256, symbolicName, version, places, other, release);
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
        return ArtifactNames.isArtifact(name);
    }

    /** {@return the file in the folder that it came in} */
    public String inFolder() {
        return ArtifactNames.file(file);
    }

    /** {@return whether it came in a release} */
    public boolean isMember() {
        return ArtifactNames.isMember(file);
    }

    /** {@return whether it is a release, and no bundle} */
    public boolean isRelease() {
        return release.isPresent();
    }

    /** {@return what operators know of it: a release is one, whatever it consists of} */
    boolean isContent() {
        return isOfAFile() && !isMember();
    }

    ContentView content() {
        return new ContentView(file, symbolicName, version, sha256);
    }
}
