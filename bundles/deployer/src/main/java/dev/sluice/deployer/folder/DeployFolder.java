package dev.sluice.deployer.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The deploy folder. An id, written into it and into the container's data at the first start, tells it from an empty
 * mount point. Safe for any thread.
 */
public final class DeployFolder {

    private final Path dir;
    private final Path idFile;

    /**
     * @param dir the folder
     * @param idFile the container's own copy of the folder's id
     */
    public DeployFolder(Path dir, Path idFile) {
        this.dir = dir;
        this.idFile = idFile;
    }

    /** {@return the folder's path} */
    public Path dir() {
        return dir;
    }

    /** {@return whether the folder is there, can be read, and is the one that this container knows} */
    public FolderHealth health() {
        throw new UnsupportedOperationException(idFile.toString());
    }

    /**
     * Makes the folder and gives it an id, if this container has never had one; does nothing else. A folder that is not
     * known and has an id keeps it.
     *
     * @throws IOException if the folder can't be made or written to; the message says what to do
     */
    public void initialise() throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * {@return the artifacts in the folder, complete or not, ordered by name: regular files {@code *.jar}}
     *
     * @throws IOException if the listing isn't complete: nothing can be told from it
     */
    public List<Path> artifacts() throws IOException {
        throw new UnsupportedOperationException();
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
     * logged.
     *
     * @param file the artifact's name in the folder
     * @param kind what it says
     * @param message the reason, and what to do about it
     * @param at since when
     */
    public void mark(String file, MarkerKind kind, String message, Instant at) {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes the markers of an artifact, of every kind. A failure is logged.
     *
     * @param file the artifact's name in the folder
     */
    public void clearMarker(String file) {
        throw new UnsupportedOperationException();
    }

    /**
     * Puts an artifact into the folder: it appears under its name when it is complete and on the disk.
     *
     * @param name a plain file name that ends in {@code .jar}; what is there under the name is replaced
     * @param content the bytes, read to their end, not closed
     * @return the file's path
     * @throws IllegalArgumentException if the name is anything else; the message says so
     * @throws IOException if it can't be read or written, or the folder is unavailable; the folder is as it was
     */
    public Path put(String name, InputStream content) throws IOException {
        throw new UnsupportedOperationException();
    }
}
