package dev.sluice.deployer.store;

import java.nio.file.Path;

/**
 * Content that the store holds.
 *
 * @param path where it lies
 * @param sha256 its digest, in lower-case hexadecimal
 * @param size its length in bytes
 */
public record StoredCopy(Path path, String sha256, long size) {}
