package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.store.Store;
import java.io.Closeable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Watches the deploy folder on one thread, {@code sluice-deployer}, by events and by a slow scan, and hands over what has
 * settled in it.
 */
public final class FolderWatch implements Closeable {

    /**
     * @param folder the folder
     * @param store takes the private copies
     * @param verification decides about them
     * @param settings asked at each turn, so that a changed configuration counts at once
     * @param known what is deployed already: the digest of each file's content. A file with the same content is not handed
     *     over again; one that isn't there is gone
     */
    public FolderWatch(
            DeployFolder folder,
            Store store,
            Verification verification,
            Supplier<WatchSettings> settings,
            Map<String, String> known) {}

    /**
     * Starts the watch. The first scan begins at once.
     *
     * @param listener called on the watch's thread only
     */
    public void start(BatchListener listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Compares the whole folder now.
     *
     * @return completed when everything that was there has been handed over (the listener has returned), is known as
     *     incomplete, or goes on changing; also if the folder is unavailable. Cancelled if the watch is closed first
     */
    public CompletableFuture<Void> scanNow() {
        throw new UnsupportedOperationException();
    }

    /**
     * Forgets what was handed over from a file, and looks at it anew: what is there is handed over even if its content is
     * the same. Safe for any thread; returns at once.
     *
     * @param file its name in the folder
     */
    public void forget(String file) {
        throw new UnsupportedOperationException();
    }

    /** Stops watching. A batch that is being handled is waited for, unless it is the listener that closes. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
