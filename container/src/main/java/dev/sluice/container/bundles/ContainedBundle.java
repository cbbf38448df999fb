package dev.sluice.container.bundles;

/**
 * A bundle that the container is made of.
 *
 * @param startLevel the start level it runs at
 * @param sha256 the digest of its JAR, in lower-case hexadecimal digits
 * @param symbolicName its symbolic name
 * @param version its bundle version
 * @param file its JAR's path inside the container's JAR
 */
public record ContainedBundle(int startLevel, String sha256, String symbolicName, String version, String file) {

    static ContainedBundle parse(String line) {
        String[] fields = line.split(" ");
        if (fields.length != 5 || !fields[1].matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Not a line of the bundle list: '" + line + "'");
        }
        return new ContainedBundle(Integer.parseInt(fields[0]), fields[1], fields[2], fields[3], fields[4]);
    }

    String line() {
        return startLevel + " " + sha256 + " " + symbolicName + " " + version + " " + file;
    }
}
