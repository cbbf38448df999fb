package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.store.Staged;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private copy that others' checks are asked about, on another thread.
 *
 * @param stat what its file looked like when it was copied
 * @param staged the copy
 * @param verdict what comes of it
 */
record Examination(FileStat stat, Staged staged, CompletableFuture<Verdict> verdict) {

    private static final Logger LOG = LoggerFactory.getLogger(Examination.class);

    boolean isDone() {
        return verdict.isDone();
    }

    /** Nothing of it is wanted any more. */
    void giveUp() {
        verdict.cancel(false);
        try {
            staged.close();
        } catch (IOException e) {
            LOG.warn("A copy that isn't needed can't be deleted: {}", e.toString());
        }
    }
}
