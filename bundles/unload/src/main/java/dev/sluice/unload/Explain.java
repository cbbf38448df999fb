package dev.sluice.unload;

import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Says what holds a class loader that should have gone: the path of references that leads to it. Published as a service by this
 * bundle. Safe to call from any thread.
 */
@ProviderType
public interface Explain {

    /**
     * Dumps the heap, for which the JVM stands still, and looks through the dump in a JVM of its own. One at a time.
     *
     * @param number the unload's number, as {@link UnloadView#number()}
     * @param keep whether the dump is kept; it has whatever is in memory, passwords too, and nobody but its owner may read it
     * @return what came of it: at once if nothing was to be done, else from a thread of this service; never exceptionally
     */
    CompletableFuture<Explanation> explain(long number, boolean keep);
}
