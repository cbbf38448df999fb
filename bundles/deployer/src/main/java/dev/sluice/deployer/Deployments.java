package dev.sluice.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
     * @param fileName the name it gets in the folder: a plain file name that ends in {@code .jar}, or for
     *     a release in {@code .zip}
     * @param content the bytes; read to their end, not closed
     * @return the file's path
     * @throws IllegalArgumentException if the name isn't such a plain file name; the message says so
     * @throws IOException if the content can't be read, or the file can't be written; the folder is as it was
     */
    Path submit(String fileName, InputStream content) throws IOException;

    /**
     * The last publications: what came and what went, why, and when.
     *
     * @param most how many at the most; the deployer keeps {@code history.max} of them
     * @return the publications, the newest first
     */
    List<PublicationView> history(int most);

    /**
     * What a file can be rolled back to: contents that were published from it, or under the symbolic name of what is
     * deployed from it, and that are still kept. What is deployed now is among them.
     *
     * @param target a file's name in the deploy folder, or a symbolic name
     * @return the contents, what was published last first; empty if nothing is deployed there
     */
    List<ContentView> kept(String target);

    /**
     * Deploys earlier content in the place of what a file has now. It is started beside what serves, probed and published
     * like any other, so that no request is lost; if it fails, nothing changes. The file keeps what it has. The decision
     * outlives a restart, and holds until other content of the file is deployed, the file is removed, or
     * {@link #rollForward} takes it back.
     *
     * @param target the file's name in the deploy folder, or a symbolic name that is deployed from one file alone
     * @param to the version to go back to, or the content's SHA-256 in lower-case hexadecimal
     * @return what comes of it; completed, on any thread, when the content is published or can't be. Never exceptionally
     */
    CompletableFuture<RollBack> rollBack(String target, String to);

    /**
     * Ends a roll back: what the file has itself is deployed.
     *
     * @param target the file's name in the deploy folder, or a symbolic name that is deployed from one file alone
     * @return what comes of it; completed, on any thread, when the decision doesn't hold any more. Never exceptionally
     */
    CompletableFuture<RollBack> rollForward(String target);

    /** {@return the rollouts that are under way, ordered by file name} */
    List<RolloutView> rollouts();

    /**
     * Keeps a rollout where it is. What is wrong is still looked for, and taken back.
     *
     * @param target the file that it comes from, or its symbolic name
     * @return what comes of it; never exceptionally
     */
    CompletableFuture<RolloutOrder> pause(String target);

    /**
     * Lets a paused rollout go on.
     *
     * @param target the file that it comes from, or its symbolic name
     * @return what comes of it; never exceptionally
     */
    CompletableFuture<RolloutOrder> resume(String target);

    /**
     * Gives all requests to what is being rolled out, and keeps the old version ready for the bake; in the bake, ends that.
     *
     * @param target the file that it comes from, or its symbolic name
     * @return what comes of it; never exceptionally
     */
    CompletableFuture<RolloutOrder> promote(String target);

    /**
     * Takes back what is being rolled out: the old version has all requests again, and the file counts as failed.
     *
     * @param target the file that it comes from, or its symbolic name
     * @return what comes of it; never exceptionally
     */
    CompletableFuture<RolloutOrder> abort(String target);

    /**
     * Whether a bundle belongs to the deployer: it was installed from the deploy folder.
     *
     * @param bundleId the bundle's id
     * @return whether it was
     */
    boolean owns(long bundleId);
}
