package dev.sluice.deployer.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The text files beside artifacts that say what became of them. They are for people: a failure to write one is logged and
 * changes nothing else.
 */
final class Markers {

    /** How the reason of a marker begins that the watch wrote of half a file, and takes away again. */
    static final String INCOMPLETE = "incomplete, still waiting: ";

    /** The same, of a whole one that waits for something beside it. */
    static final String WAITING = "waiting: ";

    private static final Logger LOG = LoggerFactory.getLogger(Markers.class);

    private final Path dir;

    Markers(Path dir) {
        this.dir = dir;
    }

    void write(String file, MarkerKind kind, String message, Instant at) {
        String text = file + " " + kind.headline() + "\n" + message + "\nSince " + at.truncatedTo(ChronoUnit.SECONDS)
                + ". This note goes by itself when " + kind.end() + ".\n";
        Path marker = path(file, kind);
        Path temporary = dir.resolve(FileNames.TEMPORARY_PREFIX + UUID.randomUUID() + FileNames.TEMPORARY_SUFFIX);
        try {
            try {
                Files.writeString(temporary, text, StandardCharsets.UTF_8);
                Files.move(temporary, marker, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            LOG.warn("Can't write the marker {} ({}). It would say: {}", marker, e.toString(), message);
        }
    }

    void clear(String file) {
        Arrays.stream(MarkerKind.values())
                .map(MarkerKind::suffix)
                .distinct()
                .forEach(suffix -> delete(dir.resolve(file + suffix)));
    }

    /** Removes the marker only if it says what the file waits for: any other is for whoever wrote it to remove. */
    void clearWaiting(String file) {
        Path marker = path(file, MarkerKind.FAILED);
        try {
            String text = Files.readString(marker, StandardCharsets.UTF_8);
            if (text.contains("\n" + INCOMPLETE) || text.contains("\n" + WAITING)) {
                delete(marker);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            LOG.warn("Can't read the marker {}: {}", marker, e.toString());
        }
    }

    /**
     * Removes a marker whose artifact isn't there any more.
     *
     * @param name any name in the folder
     * @param artifacts the names of the artifacts that are there
     */
    void sweep(String name, Set<String> artifacts) {
        for (MarkerKind kind : MarkerKind.values()) {
            if (name.endsWith(kind.suffix())) {
                String file = name.substring(0, name.length() - kind.suffix().length());
                if (FileNames.isArtifact(file) && !artifacts.contains(file)) {
                    delete(dir.resolve(name));
                }
            }
        }
    }

    private Path path(String file, MarkerKind kind) {
        return dir.resolve(file + kind.suffix());
    }

    private static void delete(Path marker) {
        try {
            Files.deleteIfExists(marker);
        } catch (IOException e) {
            LOG.warn("Can't remove the marker {}: {}", marker, e.toString());
        }
    }
}
