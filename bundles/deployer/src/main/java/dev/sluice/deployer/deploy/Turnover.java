package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.folder.MarkerKind;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.release.Leaver;
import dev.sluice.deployer.status.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what a publish has changed, and lets go what it retired. Confined to the deployer's thread. */
public final class Turnover {

    private static final Logger LOG = LoggerFactory.getLogger(Turnover.class);

    private final Parts parts;

    public Turnover(Parts parts) {
        this.parts = parts;
    }

    /**
     * The chain runs on the new generation.
     *
     * @param change what was published
     * @param refused candidates of it that were not
     * @param duplicates files with the content of another, which may have a new name
     */
    void done(Change change, Set<Candidate> refused, Collection<Artifact> duplicates) {
        List<Deployed> leaving = new ArrayList<>(change.leaving());
        refused.forEach(candidate -> change.replacedBy(candidate).ifPresent(leaving::remove));
        leaving.forEach(parts.roster()::remove);
        change.moves().forEach(move -> parts.roster().remove(move.deployed()));
        change.moves().forEach(this::move);
        change.added().stream()
                .filter(candidate -> !refused.contains(candidate))
                .forEach(this::published);
        leaving.forEach(deployed -> leave(deployed, change.lingering().contains(deployed)));
        duplicates.forEach(this::nameTheTwin);
    }

    /** A candidate is in the chain. */
    public void published(Candidate candidate) {
        String file = candidate.file();
        // The state last: who sees it finds the rest as it says.
        parts.roster().put(candidate.deployed());
        if (parts.attempts().succeeded(file, candidate.entry())) {
            parts.folder().clearMarker(file);
            parts.awaited().remove(file);
        }
        parts.reservations().drop(file);
        parts.board().calm(placeAlarm(file));
        candidate
                .note()
                .ifPresentOrElse(
                        note -> {
                            LOG.warn("{} brings no middleware: {}", file, note);
                            candidate.entry().to(DeploymentState.PUBLISHED, "brings no middleware: " + note);
                        },
                        () -> candidate.entry().to(DeploymentState.PUBLISHED));
        LOG.info(
                "deployed {} {} from {}{}{}",
                candidate.artifact().symbolicName(),
                candidate.artifact().version(),
                file,
                candidate.isLibrary() ? ", a library" : "",
                verified(candidate.artifact()));
    }

    private static String verified(Artifact artifact) {
        return artifact.verified().isEmpty() ? "" : "; verified: " + String.join(", ", artifact.verified());
    }

    private void move(Change.Move move) {
        String file = move.file();
        Deployed moved = move.deployed().renamed(file);
        parts.roster().put(moved);
        parts.attempts().drop(file);
        parts.reservations().drop(file);
        moved.entry().renamed(file);
        parts.folder().clearMarker(file);
        markDecision(moved);
    }

    private void leave(Deployed deployed, boolean lingers) {
        if (deployed.isLost()) {
            parts.board().calm(placeAlarm(deployed.file()));
            deployed.bundleId().ifPresent(bundle -> releaseEarlier(bundle, deployed.file(), deployed.artifact()));
            return;
        }
        if (deployed.entry().leave() && deployed.bundleId().isPresent()) {
            Optional<String> lingersAs =
                    lingers ? Optional.of(deployed.lingering().file()) : Optional.empty();
            parts.release()
                    .release(new Leaver(
                            deployed.bundleId().getAsLong(),
                            deployed.file(),
                            deployed.title(),
                            lingersAs,
                            deployed.entry()));
        }
    }

    /** Lets go a bundle of the deployer's earlier run, whose units have left the chain. */
    public void releaseEarlier(long bundleId, String file, PublishedArtifact artifact) {
        Entry entry = parts.board().add(file);
        entry.identified(artifact.sha256(), artifact.symbolicName(), artifact.version(), List.of());
        entry.bundle(bundleId);
        entry.to(DeploymentState.PUBLISHED);
        entry.to(DeploymentState.RETIRED);
        String title = artifact.symbolicName() + " " + artifact.version();
        parts.release().release(new Leaver(bundleId, file, title, Optional.empty(), entry));
    }

    private void nameTheTwin(Artifact duplicate) {
        parts.roster().all().stream()
                .filter(deployed -> deployed.sha256().equals(duplicate.sha256()))
                .findFirst()
                .ifPresent(twin -> {
                    parts.attempts().at(duplicate.file()).because("same content as " + twin.file());
                    parts.reservations().drop(duplicate.file());
                });
    }

    /** {@return why a candidate can't be published with a change: what stays has its name and version} */
    Optional<String> clash(Candidate candidate, Change change) {
        Artifact artifact = candidate.artifact();
        return parts.roster().all().stream()
                .filter(deployed -> !deployed.isLost() && !change.leaving().contains(deployed))
                .filter(deployed -> deployed.artifact().symbolicName().equals(artifact.symbolicName())
                        && deployed.artifact().version().equals(artifact.version())
                        && !deployed.sha256().equals(artifact.sha256()))
                .findFirst()
                .map(deployed -> BatchPlan.clashMessage(artifact, deployed.file()));
    }

    /** A file has the content that it had before: what is deployed from it, or what was said of it. */
    void asItWas(String file) {
        Optional<Deployed> deployed = parts.roster().find(file).filter(one -> !one.isLost());
        if (deployed.isEmpty()) {
            parts.attempts().unchanged(file);
            return;
        }
        parts.attempts().drop(file);
        parts.folder().clearMarker(file);
        markDecision(deployed.get());
    }

    /** Says beside the file what an operator decided about it. */
    void markDecision(Deployed deployed) {
        DeploymentView view = deployed.entry().view();
        Optional<MarkerKind> kind =
                switch (view.state()) {
                    case STOPPED -> Optional.of(MarkerKind.STOPPED);
                    case REMOVED -> Optional.of(MarkerKind.REMOVED);
                    default -> Optional.empty();
                };
        kind.ifPresent(
                one -> parts.folder().mark(view.file(), one, view.reason().orElse(""), view.since()));
    }

    /** {@return the key of the alarm that a file's places can't be filled} */
    public static String placeAlarm(String file) {
        return "place:" + file;
    }
}
