package dev.sluice.deployer;

/**
 * Content that is or was published.
 *
 * @param file the file that it was published from
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version
 * @param sha256 the digest of the content, in lower-case hexadecimal
 */
public record ContentView(String file, String symbolicName, String version, String sha256) {}
