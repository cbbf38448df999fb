package dev.sluice.heap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The JDKs whose dumps are looked at: the one that runs the tests, and the newest if it is there. */
final class Jdks {

    private static final Path NEWEST = Path.of("/usr/lib/jvm/temurin-25-jdk-amd64");

    private Jdks() {}

    static Stream<Path> all() {
        return Stream.of(Path.of(System.getProperty("java.home")), NEWEST)
                .map(home -> home.resolve("bin/java"))
                .filter(Files::isExecutable)
                .distinct();
    }

    static Stream<Path> withVirtualThreads() {
        return Stream.of(NEWEST.resolve("bin/java")).filter(Files::isExecutable);
    }
}
