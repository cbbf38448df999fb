package dev.sluice.deployer;

import java.nio.file.Path;

/**
 * A file of the deploy folder, as an {@link ArtifactCheck} is shown it before anything has been parsed of it.
 *
 * @param name its name in the deploy folder
 * @param copy the container's private copy: the very bytes that are installed if nobody refuses them. To be read only: a copy
 *     that has changed while it was checked is refused
 * @param sha256 the digest of these bytes, in lower-case hexadecimal
 * @param size how many they are
 */
public record ArtifactFile(String name, Path copy, String sha256, long size) {}
