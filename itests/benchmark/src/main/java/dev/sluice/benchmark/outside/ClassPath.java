package dev.sluice.benchmark.outside;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Parts of this process's class path, so that each server has its own libraries only. */
public final class ClassPath {

    private ClassPath() {}

    /** {@return this module's classes, and the JARs whose file names begin so} */
    public static String with(String... names) {
        return entries()
                .filter(entry -> !entry.endsWith(".jar") || begins(entry, List.of(names)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** {@return the JARs alone whose file names begin so} */
    public static String jars(String... names) {
        return entries()
                .filter(entry -> entry.endsWith(".jar") && begins(entry, List.of(names)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** {@return the version in the name of the JAR that begins so} */
    public static String version(String name) {
        return entries()
                .map(entry -> Path.of(entry).getFileName().toString())
                .filter(file -> file.startsWith(name + "-"))
                .map(file -> file.substring(name.length() + 1, file.length() - ".jar".length()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " on the class path"));
    }

    private static boolean begins(String entry, List<String> names) {
        String file = Path.of(entry).getFileName().toString();
        return names.stream().anyMatch(file::startsWith);
    }

    /** In a build's reactor a module may be a folder: only this one's is wanted. */
    private static Stream<String> entries() {
        String own = ClassPath.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar") || Path.of(entry).equals(Path.of(own)));
    }
}
