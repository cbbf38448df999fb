package dev.sluice.benchmark.outside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A server that the machine has, or hasn't. */
public final class Installed {

    private Installed() {}

    /** {@return the command} It may be where an ordinary user's path doesn't lead. */
    public static Optional<Path> find(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** {@return the first line of what it prints} */
    public static String says(Path command, String argument) {
        try {
            Process process = new ProcessBuilder(command.toString(), argument)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("of unknown version");
        } catch (IOException e) {
            return "of unknown version: " + e.getMessage();
        }
    }
}
