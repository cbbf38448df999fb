package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.store.DurableRename;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deploy folder. An id, written into it and into the container's data at the first start, tells it from an empty
 * mount point. Safe for any thread.
 */
public class DeployFolder {

    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);

    private final Path dir;
    private final FolderIdentity identity;
    private final Markers markers;

    /** Names that were said to be ignored, so that it is said once. */
    private final Set<String> ignored = ConcurrentHashMap.newKeySet();

    /**
     * @param dir the folder
     * @param idFile the container's own copy of the folder's id
     */
    public DeployFolder(Path dir, Path idFile) {
        this.dir = dir;
        this.identity = new FolderIdentity(dir, idFile);
        this.markers = new Markers(dir);
    }

    /** {@return the folder's path} */
    public Path dir() {
        return dir;
    }

    /** {@return whether the folder is there, can be read, and is the one that this container knows} */
    public FolderHealth health() {
        return identity.health();
    }

    /**
     * Makes the folder and gives it an id, if this container has never had one. A folder that is not known and has an id
     * keeps it. Clears away what an interrupted {@link #put} left.
     *
     * @throws IOException if the folder can't be made or written to; the message says what to do
     */
    public void initialise() throws IOException {
        identity.initialise();
        if (health() instanceof FolderHealth.Mounted) {
            String leftovers = FileNames.TEMPORARY_PREFIX + "*" + FileNames.TEMPORARY_SUFFIX;
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(dir, leftovers)) {
                for (Path leftover : stream) {
                    Files.deleteIfExists(leftover);
                }
            } catch (IOException | DirectoryIteratorException e) {
                LOG.warn("Can't clear away {} in {}: {}", leftovers, dir, e.toString());
            }
        }
    }

    /**
     * {@return the artifacts in the folder, complete or not, ordered by name: regular files {@code *.jar} and {@code *.zip},
     * and links to such}
     * Other files are logged once, and markers of files that are not there any more are removed.
     *
     * @throws IOException if the listing isn't complete: nothing can be told from it
     */
    public List<Path> artifacts() throws IOException {
        TreeSet<String> artifacts = new TreeSet<>();
        List<String> others = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(dir)) {
            for (Path path : stream) {
                String name = path.getFileName().toString();
                if (FileNames.isArtifact(name) && mayBeThere(path)) {
                    artifacts.add(name);
                } else {
                    others.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        others.forEach(name -> sayIgnored(name, artifacts));
        ignored.retainAll(others);
        return artifacts.stream().map(dir::resolve).toList();
    }

    /** What one file keeps to itself must not hide the others: who looks at it alone is told why. */
    private static boolean mayBeThere(Path path) {
        try {
            return !FileStat.of(path).isAbsent();
        } catch (IOException e) {
            return true;
        }
    }

    private void sayIgnored(String name, Set<String> artifacts) {
        markers.sweep(name, artifacts);
        if (!FileNames.isSilent(name) && ignored.add(name)) {
            LOG.info("{} in {} {}", name, dir, Ignored.why(dir.resolve(name)));
        }
    }

    /**
     * Writes {@code <file>.failed}. A failure to write it is logged.
     *
     * @param file the artifact's name in the folder
     * @param message why it isn't deployed, and what to do about it
     * @param at since when
     */
    public void markFailed(String file, String message, Instant at) {
        mark(file, MarkerKind.FAILED, message, at);
    }

    /**
     * Writes a marker beside an artifact, whole or not at all, in the place of any of its kind. A failure to write it is
     * logged. Nothing is written into a folder that is unavailable, nor about what has no file there, as what only stays
     * beside others.
     *
     * @param file the artifact's name in the folder
     * @param kind what it says
     * @param message the reason, and what to do about it
     * @param at since when
     */
    public void mark(String file, MarkerKind kind, String message, Instant at) {
        if (!FileNames.isArtifact(ArtifactNames.file(file))) {
            LOG.warn("{} {}: {}", file, kind.headline(), message);
        } else if (health() instanceof FolderHealth.Mounted) {
            // What is said of a part of a release is said beside the release.
            String said = ArtifactNames.isMember(file) ? ArtifactNames.entry(file) + ": " + message : message;
            markers.write(ArtifactNames.file(file), kind, said, at);
        } else {
            LOG.warn("No marker for {} while the deploy folder is unavailable. It would say: {}", file, message);
        }
    }

    /**
     * Removes the markers of an artifact, of every kind. A failure is logged.
     *
     * @param file the artifact's name in the folder
     */
    public void clearMarker(String file) {
        markers.clear(ArtifactNames.file(file));
    }

    void clearWaitingMarker(String file) {
        markers.clearWaiting(file);
    }

    /**
     * Puts an artifact into the folder: it appears under its name when it is complete and on the disk.
     *
     * @param name a plain file name that ends in {@code .jar} or {@code .zip}; what is there under the name is replaced
     * @param content the bytes, read to their end, not closed
     * @return the file's path
     * @throws IllegalArgumentException if the name is anything else; the message says so
     * @throws IOException if it can't be read or written, or the folder is unavailable; the folder is as it was
     */
    public Path put(String name, InputStream content) throws IOException {
        Path target = target(name);
        if (health() instanceof FolderHealth.Unavailable unavailable) {
            throw new IOException(unavailable.message());
        }
        Path temporary = dir.resolve(FileNames.TEMPORARY_PREFIX + UUID.randomUUID() + FileNames.TEMPORARY_SUFFIX);
        try {
            Files.copy(content, temporary);
            DurableRename.rename(temporary, target);
            return target;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Path target(String name) {
        try {
            if (FileNames.isArtifact(name)
                    && name.indexOf('/') < 0
                    && name.indexOf('\\') < 0
                    && Path.of(name).getNameCount() == 1) {
                return dir.resolve(name);
            }
        } catch (InvalidPathException e) {
            // Falls through to the sentence that says what a name must be.
        }
        throw new IllegalArgumentException("'" + name.replace('\0', '?')
                + "' can't be a file in the deploy folder: give a plain file name that ends in .jar or .zip and doesn't begin with "
                + "a dot");
    }
}
