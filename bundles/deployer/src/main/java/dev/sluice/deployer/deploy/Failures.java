package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.folder.MarkerKind;
import dev.sluice.deployer.status.Entry;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what failed: status, log and marker say the same. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Parts parts;

    Failures(Parts parts) {
        this.parts = parts;
    }

    /** An artifact has failed. */
    void fail(Artifact artifact, Failure failure) {
        fail(artifact, failure, Optional.empty());
    }

    private void fail(Artifact artifact, Failure failure, Optional<Instant> since) {
        if (parts.wishes().failed(artifact, parts.installation().cause(failure))) {
            return;
        }
        Entry entry = parts.attempts().at(artifact.file());
        entry.fail(parts.installation().cause(failure).message());
        since.ifPresent(entry::since);
        report(artifact, failure, since.orElseGet(parts.clock()::instant));
    }

    /** Content that is known to be bad isn't tried again. */
    void condemn(Artifact artifact, String reason) {
        failSinceTakenBack(artifact, reason);
        if (parts.trialLog().isAlarming(artifact.sha256())) {
            parts.board().alarm(Endings.alarm(artifact.file()), artifact.file() + ": " + reason);
        }
    }

    /** Content has failed since it was taken back, if it was: so the trial log says before and after a restart. */
    void failSinceTakenBack(Artifact artifact, String reason) {
        fail(artifact, Failure.ofContent(reason), parts.trialLog().takenBackAt(artifact.sha256()));
    }

    /** An artifact has failed, as its entry says already. */
    void report(Artifact artifact, Failure said) {
        report(artifact, said, parts.clock().instant());
    }

    private void report(Artifact artifact, Failure said, Instant since) {
        Failure failure = parts.installation().cause(said);
        if (parts.wishes().failed(artifact, failure)) {
            return;
        }
        boolean news = parts.awaited().put(artifact, failure);
        if (failure.waits() instanceof Waits.ForDeployer) {
            return;
        }
        // What is tried again every few seconds would fill the log, and with it a disk that is full already.
        if (news) {
            LOG.warn("{} failed: {}", artifact.file(), failure.message());
        }
        if (news || !(failure.waits() instanceof Waits.ForDisk)) {
            mark(artifact.file(), failure.message(), since);
        }
    }

    /** A file was refused before it became an artifact. */
    void refuse(String file, String message) {
        LOG.warn("{} failed: {}", file, message);
        mark(file, message, parts.clock().instant());
    }

    /** {@return how a file is marked whose present content isn't deployed: what it had before may be} */
    static MarkerKind kind(Parts parts, String file) {
        boolean servesOn = parts.roster()
                .find(file)
                .filter(deployed -> !deployed.isLost())
                .filter(deployed -> deployed.entry().state() == DeploymentState.PUBLISHED)
                .isPresent();
        return servesOn ? MarkerKind.NOT_REPLACED : MarkerKind.FAILED;
    }

    private void mark(String file, String message, Instant since) {
        parts.folder().mark(file, kind(parts, file), message, since);
    }
}
