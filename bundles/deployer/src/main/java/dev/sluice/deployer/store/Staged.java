package dev.sluice.deployer.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;

/**
 * A private copy that the store hasn't taken yet, so that what turns out to be half a file or no bundle leaves no trace.
 * It is deleted when it is closed, unless it was kept. For one thread.
 */
public final class Staged implements Closeable {

    private final Store store;
    private final StoredCopy copy;

    Staged(Store store, StoredCopy copy) {
        this.store = store;
        this.copy = copy;
    }

    /** {@return the copy under its temporary name} */
    public StoredCopy copy() {
        return copy;
    }

    /**
     * Takes the copy into the store.
     *
     * @return the copy under the name that it keeps
     * @throws IOException if it can't be forced to the disk or renamed
     */
    public StoredCopy keep() throws IOException {
        return store.take(copy);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(copy.path());
    }
}
