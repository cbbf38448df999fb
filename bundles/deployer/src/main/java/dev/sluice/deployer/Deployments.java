package dev.sluice.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The deploy folder, for who observes and operates it. Published as a service by the deployer's bundle. Safe to call from
 * any thread.
 */
@ProviderType
public interface Deployments {

    /** {@return what became of each artifact, and what an operator should know; consistent, but a moment's picture} */
    DeploymentsView view();

    /**
     * Puts an artifact into the deploy folder, as a copy by hand would, but never half: it appears under its name when it
     * is complete. What becomes of it is seen in {@link #view()}.
     *
     * @param fileName the name it gets in the folder: a plain file name that ends in {@code .jar}
     * @param content the bytes; read to their end, not closed
     * @return the file's path
     * @throws IllegalArgumentException if the name isn't a plain file name ending in {@code .jar}; the message says so
     * @throws IOException if the content can't be read, or the file can't be written; the folder is as it was
     */
    Path submit(String fileName, InputStream content) throws IOException;

    /**
     * Whether a bundle belongs to the deployer: it was installed from the deploy folder.
     *
     * @param bundleId the bundle's id
     * @return whether it was
     */
    boolean owns(long bundleId);
}
