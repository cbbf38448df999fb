package dev.sluice.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A home of the container, and the things that one does with its files. */
public record Home(Path path) {

    private static final String ROLLOUT = "dev.sluice.rollout-";

    /** {@return a home that doesn't exist yet} */
    public static Home fresh(String name) {
        try {
            Path parent = Files.createDirectories(Shipped.workDirectory());
            return new Home(Files.createTempDirectory(parent, name + "-").resolve("home"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the deploy folder} */
    public Path deploy() {
        return path.resolve("deploy");
    }

    /** {@return a file in the deploy folder} */
    public Path deploy(String file) {
        return deploy().resolve(file);
    }

    /** {@return the folder of the configuration files} */
    public Path conf() {
        return path.resolve("conf");
    }

    /** {@return the container's own data} */
    public Path data() {
        return path.resolve("data");
    }

    /** Copies as {@code cp} does: an existing file is opened, truncated and written over. */
    public Path copy(byte[] content, String file) {
        try {
            return Files.write(deploy(file), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a JAR as {@code cp} does, under its own name. */
    public Path copy(Path jar) {
        try {
            return copy(Files.readAllBytes(jar), jar.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a file from the deploy folder. */
    public void remove(String file) {
        try {
            Files.delete(deploy(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a configuration file. */
    public void configure(String pid, String... lines) {
        try {
            Files.createDirectories(conf());
            Files.write(conf().resolve(pid + ".cfg"), List.of(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Has new versions published whole and at once, unless this home has a policy of its own for rollouts: most tests are
     * about something else, and would find the old versions ready for the bake of the standard policy.
     */
    public void publishWhole() {
        if (!Files.isDirectory(path.getParent()) || (Files.exists(path) && !Files.isDirectory(path))) {
            return;
        }
        try (Stream<Path> files = Files.isDirectory(conf()) ? Files.list(conf()) : Stream.empty()) {
            boolean hasOwn =
                    files.anyMatch(file -> file.getFileName().toString().startsWith(ROLLOUT));
            if (!hasOwn) {
                configure(ROLLOUT + "whole", "middleware=*", "bake=0s");
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("no policy in " + conf() + ": " + e.getMessage());
        }
    }

    /** {@return the path of the marker that stands beside a file that failed} */
    public Path marker(String file) {
        return deploy(file + ".failed");
    }

    /** {@return what the marker beside a file says; fails if there is none} */
    public String markerText(String file) {
        try {
            return Files.readString(marker(file));
        } catch (IOException e) {
            throw new AssertionError("no marker: " + marker(file), e);
        }
    }

    /** {@return the names of the files in the deploy folder that no dot hides} */
    public List<String> files() {
        try (Stream<Path> files = Files.list(deploy())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes every visible file from the deploy folder. */
    public void empty() {
        files().forEach(name -> {
            try {
                Files.deleteIfExists(deploy(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Removes the home from the disk. */
    public void delete() {
        delete(path.getParent());
    }

    /** Removes a folder and what is in it; files that go meanwhile are no error. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (FileSystemException e) {
            System.err.println("left behind: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
