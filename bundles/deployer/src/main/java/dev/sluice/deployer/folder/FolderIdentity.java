package dev.sluice.deployer.folder;

import dev.sluice.deployer.store.DurableRename;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Tells the deploy folder from an empty mount point or another folder, by an id that the folder and the container's data
 * both hold. No state of its own: every question is asked of the disk.
 */
final class FolderIdentity {

    private static final String MEANWHILE =
            " What runs goes on running, and nothing is deployed or removed until it is back. ";

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private final Path dir;
    private final Path idFile;
    private final Path marker;

    FolderIdentity(Path dir, Path idFile) {
        this.dir = dir;
        this.idFile = idFile;
        this.marker = dir.resolve(FileNames.ID);
    }

    FolderHealth health() {
        Optional<String> expected;
        try {
            expected = read(idFile);
        } catch (IOException e) {
            return unavailable("The container's copy of the deploy folder's id, " + idFile + ", can't be read (" + e
                    + ")." + MEANWHILE + "Make it readable.");
        }
        if (expected.isEmpty()) {
            return unavailable("The deploy folder " + dir + " has not been set up: " + idFile + " is missing."
                    + MEANWHILE + "Restart the container.");
        }
        if (!Files.isDirectory(dir)) {
            return unavailable("The deploy folder " + dir + " is missing: not mounted, or deleted." + MEANWHILE
                    + "Mount it. If it was deleted on purpose, make it again: mkdir -p " + quoted(dir) + " && "
                    + putBack());
        }
        try (DirectoryStream<Path> readable = Files.newDirectoryStream(dir)) {
            readable.iterator().hasNext();
            Optional<String> actual = read(marker);
            if (actual.isEmpty()) {
                return unavailable("The deploy folder " + dir + " has no " + FileNames.ID
                        + ", so it may be the empty mount point of a volume that is away." + MEANWHILE
                        + "Mount the volume. If the folder is right, put the marker back: " + putBack());
            }
            if (!actual.equals(expected)) {
                return unavailable("The deploy folder " + dir + " has the " + FileNames.ID
                        + " of another folder, so another volume may be mounted there." + MEANWHILE
                        + "Mount the right one. If the folder is right, put the marker back: " + putBack());
            }
            return new FolderHealth.Mounted();
        } catch (IOException | RuntimeException e) {
            // A directory stream that breaks off throws an unchecked exception.
            return unavailable("The deploy folder " + dir + " can't be read (" + e + ")." + MEANWHILE
                    + "Look at its volume and its permissions.");
        }
    }

    /** The folder's side first: a crash between the two leaves a folder whose id is adopted the next time. */
    void initialise() throws IOException {
        if (read(idFile).isPresent()) {
            return;
        }
        try {
            Files.createDirectories(dir);
            Files.createDirectories(idFile.toAbsolutePath().getParent());
            Optional<String> adopted = read(marker);
            String id = adopted.orElseGet(() -> UUID.randomUUID().toString());
            if (adopted.isEmpty()) {
                write(marker, id);
            }
            write(idFile, id);
        } catch (IOException e) {
            throw new IOException(
                    "The deploy folder " + dir + " can't be set up (" + e + "). At its first start the container makes "
                            + "the folder and writes " + FileNames.ID + " into it: make that possible.",
                    e);
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
                    .filter(id -> !id.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void write(Path file, String id) throws IOException {
        Path temporary =
                file.resolveSibling(FileNames.TEMPORARY_PREFIX + UUID.randomUUID() + FileNames.TEMPORARY_SUFFIX);
        try {
            Files.writeString(temporary, id + "\n");
            DurableRename.rename(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private String putBack() {
        return "cp " + quoted(idFile) + " " + quoted(marker);
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return NEEDS_NO_QUOTES.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static FolderHealth unavailable(String message) {
        return new FolderHealth.Unavailable(message);
    }
}
