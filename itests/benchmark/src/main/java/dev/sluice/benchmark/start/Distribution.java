package dev.sluice.benchmark.start;

import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.outside.ShippedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The distribution, unpacked.
 *
 * @param folder the folder with {@code bin}
 */
record Distribution(Path folder) {

    /**
     * Unpacks what the build has packed beside the JAR.
     *
     * @param into a folder of its own, which isn't there yet
     * @return it
     */
    static Distribution unpack(Path into) throws IOException, InterruptedException {
        Path archive = only(ShippedJar.path().getParent(), "sluice-.*\\.tar\\.gz");
        Files.createDirectories(into);
        run(new ProcessBuilder("tar", "xzf", archive.toString(), "-C", into.toString()), into.resolve("log"));
        return new Distribution(only(into, "sluice-.*"));
    }

    /** {@return the script that starts it} */
    String script() {
        return folder.resolve("bin").resolve("sluice").toString();
    }

    /** {@return the variables that the script is told by with what JVM it starts, how, and where class data is} */
    static Map<String, String> variables(Jdk jdk, List<String> flags, Path data) {
        return Map.of(
                "JAVA_HOME", jdk.home().toString(),
                "JAVA_OPTS", String.join(" ", flags),
                "SLUICE_CLASS_DATA", data.toString());
    }

    /** Makes class data as a user does. */
    void prepare(Jdk jdk, Path data, Path log) throws IOException, InterruptedException {
        ProcessBuilder prepare = new ProcessBuilder(script(), "--prepare");
        prepare.environment().keySet().removeIf(name -> name.startsWith("SLUICE_") || name.contains("JAVA_"));
        prepare.environment().putAll(variables(jdk, ServerProcess.FLAGS, data));
        run(prepare, log);
    }

    private static void run(ProcessBuilder builder, Path log) throws IOException, InterruptedException {
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", builder.command()) + " failed: " + Files.readString(log));
            }
        } finally {
            process.destroy();
        }
    }

    private static Path only(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException(
                            "no " + name + " in " + folder + ": build it with mvn -DskipTests package"));
        }
    }
}
