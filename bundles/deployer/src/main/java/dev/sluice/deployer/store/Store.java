package dev.sluice.deployer.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Private copies of artifacts, named by their content: {@code <sha256>.jar}. What lies under such a name is complete,
 * because it gets the name by an atomic rename after its bytes were forced to the disk. Safe for any thread.
 */
public final class Store {

    private final Path dir;

    /**
     * Opens the store, makes its directory if it is missing, and clears away what an interrupted copy left.
     *
     * @param dir the store's directory, used by this container alone
     * @throws IOException if the directory can't be made or read
     */
    public Store(Path dir) throws IOException {
        this.dir = dir;
    }

    /**
     * Copies a file into the store, reading it once. The same content twice is one file.
     *
     * @param source the file
     * @return its copy, on the disk
     * @throws IOException if it can't be read or there is no room for it; nothing of it is left in the store
     */
    public StoredCopy copyIn(Path source) throws IOException {
        throw new UnsupportedOperationException(dir.toString());
    }

    /**
     * {@return the copy with a digest, if the store has it}
     *
     * @param sha256 the digest, in lower-case hexadecimal
     */
    public Optional<Path> find(String sha256) {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether the store has content and its bytes are still those of the digest: reads all of it.
     *
     * @param sha256 the digest, in lower-case hexadecimal
     * @return whether it has; {@code false} also if it can't be read
     */
    public boolean intact(String sha256) {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes all content but that named.
     *
     * @param keep the digests to keep
     */
    public void prune(Set<String> keep) {
        throw new UnsupportedOperationException();
    }
}
