package dev.sluice.benchmark.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JDKs that servers are started with.
 *
 * @param present those there are, by version; one of each feature number
 * @param leftOut those that aren't there, and why
 */
record Jdks(List<Jdk> present, List<String> leftOut) {

    /** What the figures are wanted of. */
    private static final List<Integer> WANTED = List.of(17, 25);

    /**
     * Finds them.
     *
     * @param running the java that runs this
     * @param others further ones, separated by commas
     * @return them
     */
    static Jdks of(Path running, String others) throws IOException {
        Map<Integer, Jdk> present = new TreeMap<>();
        List<String> leftOut = new ArrayList<>();
        add(present, Jdk.of(running));
        for (String other : others.split(",")) {
            if (!other.isBlank()) {
                try {
                    add(present, Jdk.of(Path.of(other.strip())));
                } catch (IOException e) {
                    leftOut.add("the JDK of " + other.strip() + ": " + e);
                }
            }
        }
        WANTED.stream()
                .filter(feature -> !present.containsKey(feature))
                .map(feature -> "JDK " + feature + ": its `java` wasn't given by `-Dbenchmark.java=`")
                .forEach(leftOut::add);
        return new Jdks(List.copyOf(present.values()), List.copyOf(leftOut));
    }

    private static void add(Map<Integer, Jdk> present, Jdk jdk) {
        present.putIfAbsent(jdk.feature(), jdk);
    }
}
