package dev.sluice.benchmark.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A JDK that servers are started with.
 *
 * @param home its folder
 * @param version its version, as 17.0.15
 */
record Jdk(Path home, String version) {

    /** From here on it has an AOT cache that is made in one step; before, a dynamic CDS archive. */
    private static final int AOT_CACHE = 25;

    /**
     * Finds the JDK of a java command.
     *
     * @param java the command's file
     * @return the JDK
     * @throws IOException if there is no such, or it doesn't tell its version
     */
    static Jdk of(Path java) throws IOException {
        Path home = java.toRealPath().getParent().getParent();
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            String version = lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("[^0-9.]", ""))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no JAVA_VERSION in " + home.resolve("release")));
            return new Jdk(home, version);
        }
    }

    int feature() {
        return Integer.parseInt(version.split("\\.")[0]);
    }

    boolean hasAotCache() {
        return feature() >= AOT_CACHE;
    }

    String java() {
        return home.resolve("bin").resolve("java").toString();
    }
}
