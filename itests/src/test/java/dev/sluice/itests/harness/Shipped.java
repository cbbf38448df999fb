package dev.sluice.itests.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the build leaves for users: the JAR, the samples; and the JDK that runs them. */
public final class Shipped {

    private Shipped() {}

    /** {@return the shipped JAR} */
    public static Path jar() {
        return existing(Path.of(property("sluice.jar", "../container/target/sluice.jar")));
    }

    /** {@return the JAR that the build of a sample leaves in its target folder} */
    public static Path sample(String name) {
        Path target = Path.of(property("sluice.samples", "../sample-middleware"), name, "target");
        try (Stream<Path> files = Files.list(existing(target))) {
            List<Path> jars =
                    files.filter(file -> file.toString().endsWith(".jar")).toList();
            if (jars.size() != 1) {
                throw new IllegalStateException("cp " + target + "/*.jar must copy one JAR, and would copy " + jars);
            }
            return jars.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the java command that the tests start the JAR with: {@code -Dsluice.test.java}, else the running one} */
    public static Path java() {
        String running = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return existing(Path.of(property("sluice.test.java", running)));
    }

    /** {@return the folder of the JDK that runs the JAR} */
    public static Path javaHome() {
        try {
            return java().toRealPath().getParent().getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the distribution that the build packs, with that ending} */
    public static Path distribution(String ending) {
        Path target = jar().getParent();
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("sluice-.*\\Q" + ending + "\\E"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no sluice-*" + ending + " in " + target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a tool of the JDK that runs the JAR} */
    public static Path tool(String name) throws IOException {
        return existing(java().toRealPath().resolveSibling(name));
    }

    /** {@return the feature number of the JDK that runs the JAR} */
    public static int javaFeature() throws IOException {
        Path release = java().toRealPath().getParent().resolveSibling("release");
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.replaceAll("[^0-9.]", ""))
                .map(version -> Integer.parseInt(version.split("\\.")[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no JAVA_VERSION in " + release));
    }

    /** {@return where tests may write} */
    public static Path workDirectory() {
        return Path.of(property("it.directory", "target/it"));
    }

    static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), UTF_8);
    }

    private static String property(String name, String fallback) {
        String value = System.getProperty(name);
        return value == null || value.isBlank() ? fallback : value;
    }

    private static Path existing(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalStateException(path.toAbsolutePath() + " isn't there: build it first with mvn package");
        }
        return path.toAbsolutePath().normalize();
    }
}
