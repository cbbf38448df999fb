package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.folder.Batch;
import dev.sluice.deployer.folder.BatchListener;
import dev.sluice.deployer.folder.FolderHealth;
import dev.sluice.deployer.folder.MarkerKind;
import dev.sluice.deployer.integrity.Inspection;
import dev.sluice.deployer.status.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears of the deploy folder, on the watch's thread alone: hands batches to the deployer, and shows the rest. */
public final class FolderListener implements BatchListener {

    private static final Logger LOG = LoggerFactory.getLogger(FolderListener.class);
    private static final String FOLDER_ALARM = "folder";
    private static final String BUG_ALARM = "bug";
    private static final String UNVERIFIED_ALARM = "unverified:";

    private final Parts parts;
    private final Deployer deployer;
    private final Turnover turnover;
    private final Consumer<String> lookAgain;

    /** What the alarms say about files that would not be let in today. */
    private final Map<String, String> unverified = new HashMap<>();

    /**
     * @param lookAgain has the watch hand over a file once more, as if it were new
     * @param steps runs a step on the watch's thread, soon; for any thread
     */
    public FolderListener(Parts parts, Consumer<String> lookAgain, Consumer<Runnable> steps) {
        this.parts = parts;
        this.lookAgain = lookAgain;
        this.deployer = new Deployer(parts, lookAgain, step -> steps.accept(() -> guarded(step)));
        this.turnover = new Turnover(parts);
    }

    /** {@return completed when all that has been handed over was dealt with; for any thread} */
    public CompletableFuture<Void> idle() {
        return deployer.idle();
    }

    /** Deploys earlier content in the place of what a file has; for any thread. */
    public CompletableFuture<RollBack> rollBack(Artifact earlier, String operator) {
        return deployer.rollBack(earlier, operator);
    }

    /** Ends a roll back; for any thread. */
    public CompletableFuture<RollBack> rollForward(String file, String operator) {
        return deployer.rollForward(file, operator);
    }

    /** Has rollouts go on; for any thread. */
    public void look() {
        deployer.look();
    }

    /** {@return who does what an operator wants of rollouts} */
    public Orders orders() {
        return deployer.orders();
    }

    /** Gives up what is under way. To be called when the watch is closed. */
    public void close() {
        deployer.close();
    }

    @Override
    public void settled(Batch batch) {
        batch.accepted().forEach(artifact -> calmUnverified(artifact.file()));
        batch.gone().forEach(this::calmUnverified);
        guarded(() -> {
            deployer.deploy(batch);
            parts.board().calm(BUG_ALARM);
        });
    }

    private void guarded(Runnable step) {
        try {
            step.run();
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
        if (entry.state().isTried()) {
            // Handed over, and changed since without having looked different.
            parts.attempts().seen(file);
            entry = parts.attempts().at(file);
        }
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
    public void held(String file, String message) {
        // What it waits for now is asked of it at the next attempt too.
        guarded(() -> deployer.hold(file));
        Entry entry = parts.attempts().at(file);
        if (entry.state().isTried()) {
            parts.attempts().seen(file);
            entry = parts.attempts().at(file);
        }
        if (entry.state() == DeploymentState.INCOMPLETE) {
            entry.because(message);
        } else {
            entry.to(DeploymentState.INCOMPLETE, message);
        }
        LOG.info("{}: {}", file, message);
        parts.firstStart().openIfComplete();
    }

    @Override
    public void audited(String file, String sha256, Inspection.Audit audit, boolean raise) {
        Optional<Deployed> deployed = parts.roster()
                .find(file)
                .filter(one -> !one.isLost() && one.sha256().equals(sha256));
        if (deployed.isEmpty()) {
            return;
        }
        deployed.get().entry().verified(audit.verified());
        if (audit.against().isEmpty()) {
            calmUnverified(file);
        } else if (raise) {
            String message =
                    file + " was let in earlier and stays deployed, but would not be let in today. Put that right, or"
                            + " remove the file: " + audit.against().get();
            if (!message.equals(unverified.put(file, message))) {
                LOG.warn("{}", message);
                parts.board().alarm(UNVERIFIED_ALARM + file, message);
            }
        }
    }

    private void calmUnverified(String file) {
        unverified.remove(file);
        parts.board().calm(UNVERIFIED_ALARM + file);
    }

    @Override
    public void standardsChanged() {
        deployer.waiting().forEach(lookAgain);
    }

    /** And whoever copies one that somebody has stopped or uninstalled wants it back. */
    private boolean isAway(String file) {
        return parts.roster()
                .find(file)
                .filter(parts.roster().orAPart(parts.absences().now()))
                .isPresent();
    }

    /** Another file with the content may have been moved over it, and that asks for nothing. */
    private boolean isItsOwn(String file, String sha256) {
        return parts.trialLog()
                .fileOf(sha256)
                .filter(other -> !other.equals(file))
                .isEmpty();
    }

    @Override
    public void seen(String file) {
        parts.attempts().seen(file);
    }

    @Override
    public void unchanged(String file) {
        if (deployer.isAbout(file)) {
            parts.attempts().restored(file);
            return;
        }
        parts.attempts().unchanged(file);
        // Who copies a failed file once more wants it tried again: what it lacked may be there now.
        Optional<Entry> failed =
                parts.attempts().find(file).filter(attempt -> attempt.state() == DeploymentState.FAILED);
        failed.flatMap(attempt -> attempt.view().sha256())
                .filter(sha256 -> isItsOwn(file, sha256))
                .ifPresent(parts.trialLog()::forgive);
        if (failed.isPresent() || isAway(file)) {
            lookAgain.accept(file);
        } else {
            turnover.asItWas(file);
        }
        parts.firstStart().openIfComplete();
    }
}
