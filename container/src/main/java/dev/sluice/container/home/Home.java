package dev.sluice.container.home;

import dev.sluice.container.StartFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that holds all that the container keeps.
 *
 * @param root the folder, absolute
 */
public record Home(Path root) {

    private static final List<String> DEFAULT_FILES = List.of("dev.sluice.container.cfg", "logback.xml");

    /** {@return where middleware is put; the deployer makes it, as it must tell a new home from an unmounted volume} */
    public Path deploy() {
        return root.resolve("deploy");
    }

    /** {@return configuration files, the operator's} */
    public Path conf() {
        return root.resolve("conf");
    }

    /** {@return what the container remembers} */
    public Path data() {
        return root.resolve("data");
    }

    /** {@return log files} */
    public Path logs() {
        return root.resolve("logs");
    }

    /** {@return what can be deleted while the container is down, and is made again} */
    public Path cache() {
        return data().resolve("cache");
    }

    /** {@return the store of ConfigAdmin} */
    public Path configurations() {
        return data().resolve("config");
    }

    /** {@return the password that the admin's bundle made, if it had to} */
    public Path generatedPassword() {
        return data().resolve("admin-password");
    }

    /** {@return where the cause of a failed start is written} */
    public Path failedStart() {
        return logs().resolve("failed-start.log");
    }

    /**
     * Makes the folders that are missing, and the default configuration files that aren't there.
     *
     * @throws StartFailure if the home can't be written
     */
    public void prepare() throws StartFailure {
        try {
            for (Path folder : List.of(data(), logs(), conf())) {
                Files.createDirectories(folder);
            }
            for (String file : DEFAULT_FILES) {
                writeDefault(file);
            }
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /** {@return the failure to report for a home where something can't be written} */
    StartFailure notWritable(IOException e) {
        String reason = e instanceof FileSystemException at && at.getFile() != null
                ? at.getFile() + reason(at)
                : e.getMessage();
        return StartFailure.environment("The home " + root + " can't be written (" + reason
                + "): choose another with --home, or make it writable");
    }

    private static String reason(FileSystemException at) {
        String reason = at instanceof AccessDeniedException ? "permission denied" : at.getReason();
        return reason == null ? "" : ": " + reason;
    }

    private void writeDefault(String name) throws IOException {
        Path file = conf().resolve(name);
        if (Files.exists(file)) {
            return; // conf/ may be read-only, as long as it's complete
        }
        try (InputStream in = Home.class.getResourceAsStream("/conf/" + name)) {
            if (in == null) {
                throw new FileNotFoundException("conf/" + name + " is missing in the container's JAR");
            }
            Files.copy(in, file);
        } catch (FileAlreadyExistsException e) {
            // Someone was faster: theirs it is.
        }
    }
}
