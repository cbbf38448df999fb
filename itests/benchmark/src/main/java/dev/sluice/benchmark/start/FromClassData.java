package dev.sluice.benchmark.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many classes a JVM took from class data. Where something doesn't fit, it starts without and says nothing: what was measured
 * then would be the start without.
 *
 * @param taken how many of them it took from there
 * @param all how many it loaded; the JDK's own aren't among them, as those come from an archive always
 */
record FromClassData(long taken, long all) {

    private static final List<String> COUNTED = List.of("dev.sluice.", "org.apache.felix.", "org.eclipse.jetty.");

    /** {@return the option that has a JVM write down where each class comes from} */
    static String option(Path log) {
        return "-Xlog:class+load:file=" + log;
    }

    /**
     * Counts them.
     *
     * @param log what the JVM wrote down
     * @throws IllegalStateException if there is none
     */
    static FromClassData of(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> loaded = lines.filter(line -> COUNTED.stream().anyMatch(name -> line.contains(" " + name)))
                    .toList();
            long taken = loaded.stream()
                    .filter(line -> line.contains("source: shared objects file"))
                    .count();
            if (taken == 0) {
                throw new IllegalStateException(
                        "no class comes from class data, by " + log + ": its figures would be those without");
            }
            return new FromClassData(taken, loaded.size());
        }
    }
}
