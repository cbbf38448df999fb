package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.folder.Batch;
import dev.sluice.deployer.folder.BatchListener;
import dev.sluice.deployer.folder.FolderHealth;
import dev.sluice.deployer.folder.MarkerKind;
import dev.sluice.deployer.status.Entry;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears of the deploy folder, on the watch's thread alone: hands batches to the deployer, and shows the rest. */
public final class FolderListener implements BatchListener {

    private static final Logger LOG = LoggerFactory.getLogger(FolderListener.class);
    private static final String FOLDER_ALARM = "folder";
    private static final String BUG_ALARM = "bug";

    private final Parts parts;
    private final Deployer deployer;
    private final Turnover turnover;
    private final Consumer<String> lookAgain;

    /** @param lookAgain has the watch hand over a file once more, as if it were new */
    public FolderListener(Parts parts, Consumer<String> lookAgain) {
        this.parts = parts;
        this.lookAgain = lookAgain;
        this.deployer = new Deployer(parts);
        this.turnover = new Turnover(parts);
    }

    @Override
    public void settled(Batch batch) {
        try {
            deployer.deploy(batch);
            parts.board().calm(BUG_ALARM);
        } catch (RuntimeException e) {
            if (parts.installation().isStopping()) {
                LOG.info("A deployment was given up, as the container is stopping: {}", e.toString());
                return;
            }
            // The chain may have gone on the way. Whatever it was: the watch goes on, and an operator is told.
            LOG.error("The deployment of a batch failed", e);
            parts.board().alarm(BUG_ALARM, "A deployment ended with " + e + "; see the log, and copy the files again");
        }
    }

    @Override
    public void health(FolderHealth health) {
        if (health instanceof FolderHealth.Unavailable unavailable) {
            LOG.error("{}", unavailable.message());
            parts.board().alarm(FOLDER_ALARM, unavailable.message());
            parts.firstStart().folder(false);
        } else {
            parts.board().calm(FOLDER_ALARM);
            parts.firstStart().folder(true);
        }
    }

    @Override
    public void waiting(String file, String message) {
        Entry entry = parts.attempts().at(file);
        if (Failures.kind(parts, file) == MarkerKind.NOT_REPLACED) {
            // The watch has marked it, and doesn't know that the content before serves on.
            parts.folder()
                    .mark(file, MarkerKind.NOT_REPLACED, message, entry.view().since());
        }
        if (entry.state() == DeploymentState.INCOMPLETE) {
            entry.because(message);
        } else {
            entry.to(DeploymentState.INCOMPLETE, message);
        }
        LOG.warn("{}: {}", file, message);
        parts.firstStart().openIfComplete();
    }

    @Override
    public void seen(String file) {
        parts.attempts().seen(file);
    }

    @Override
    public void unchanged(String file) {
        turnover.asItWas(file);
        // Who copies a failed file once more wants it tried again: what it lacked may be there now.
        parts.attempts()
                .find(file)
                .filter(attempt -> attempt.state() == DeploymentState.FAILED)
                .ifPresent(failed -> lookAgain.accept(file));
        parts.firstStart().openIfComplete();
    }
}
