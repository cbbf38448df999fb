package dev.sluice.chain;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The deployer's word to the chain that a bundle's middleware are candidates. Ends when it is published through
 * {@link ChainControl#publish} or closed. Safe to use from any thread.
 */
@ProviderType
public interface Claim extends AutoCloseable {

    /** {@return the id of the claimed bundle} */
    long bundleId();

    /**
     * Waits for middleware to be registered.
     *
     * @param names the names that the bundle declares to bring
     * @return completes, on the thread that registers the last of them, when the bundle has registered all of these
     *     names; never, if it doesn't: set a deadline. Cancelled when the claim ends
     */
    CompletableFuture<Void> registered(Set<String> names);

    /**
     * Probes every candidate that the bundle has registered until now: gets the service (which makes Declarative Services
     * activate a component), calls {@code init} on a {@code jakarta.servlet.Filter}, and checks name, paths, failure mode
     * and ownership. Runs code of the bundle on the calling thread, and so may hang.
     *
     * @return what came of each, in the order of registration; empty if the bundle has registered none
     */
    List<ProbeResult> probe();

    /**
     * Gives the claim up. Candidates are let go ({@code destroy} is called on filters that were initialised). What the
     * bundle has registered, or registers later, isn't served until it is claimed anew. Does nothing if the claim has ended.
     */
    @Override
    void close();
}
