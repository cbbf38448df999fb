package dev.sluice.deployer.ledger;

import java.util.List;

/**
 * An artifact as it was published.
 *
 * @param file its name in the deploy folder
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version
 * @param places the places of its middleware; empty for a library
 */
public record PublishedArtifact(
        String file, String sha256, String symbolicName, String version, List<PublishedPlace> places) {

    /** Keeps its own copy of the list. */
    public PublishedArtifact {
        places = List.copyOf(places);
    }
}
