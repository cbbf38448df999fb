package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Motive;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.folder.MarkerKind;
import dev.sluice.deployer.leaving.Leaver;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.RolledBack;
import dev.sluice.deployer.rollout.policy.Choice;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.status.Entry;
import dev.sluice.deployer.trial.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        refused.forEach(candidate -> leaving.removeAll(change.replacedBy(candidate.whole())));
        leaving.forEach(parts.roster()::remove);
        List<Change.Move> moves = new ArrayList<>(change.moves());
        refused.forEach(candidate -> change.asideOf(candidate).ifPresent(moves::remove));
        moves.forEach(move -> parts.roster().remove(move.deployed()));
        moves.forEach(this::move);
        List<Candidate> published = change.added().stream()
                .filter(candidate -> !refused.contains(candidate))
                .toList();
        published(published);
        List<Deployed> releases = change.releases().stream()
                .filter(release -> published.stream()
                        .anyMatch(candidate -> candidate.whole().file().equals(release.file())))
                .toList();
        releases.forEach(release -> releasePublished(release, skippedSteps(release, published, change)));
        leaving.forEach(deployed -> leave(deployed, change.lingering().contains(deployed)));
        duplicates.forEach(this::nameTheTwin);
        // Last: who waited for it finds that what it replaces is on its way out.
        published.stream()
                .map(candidate -> candidate.whole().artifact())
                .distinct()
                .forEach(parts.wishes()::published);
    }

    /** Candidates are in the chain, by one publish. */
    public void published(List<Candidate> candidates) {
        candidates.forEach(candidate -> parts.roster().put(candidate.deployed()));
        parts.reservations().drop(candidates.stream().map(Candidate::file).collect(Collectors.toSet()));
        // The state last: who sees it finds the rest as it says.
        candidates.forEach(this::stands);
    }

    private void stands(Candidate candidate) {
        String file = candidate.file();
        parts.board().calm(placeAlarm(file));
        Deployed deployed = candidate.deployed();
        if (!candidate.whole().isRelease()) {
            succeeded(deployed);
        }
        candidate.note().ifPresent(note -> LOG.warn("{} brings no middleware: {}", file, note));
        Stream.of(candidate.note().map("brings no middleware: "::concat), RollBackNote.message(deployed.artifact()))
                .flatMap(Optional::stream)
                .reduce((note, decision) -> note + "; " + decision)
                .ifPresentOrElse(
                        reason -> candidate.entry().to(DeploymentState.PUBLISHED, reason),
                        () -> candidate.entry().to(DeploymentState.PUBLISHED));
        LOG.info(
                "deployed {} {} from {}{}{}",
                candidate.artifact().symbolicName(),
                candidate.artifact().version(),
                file,
                candidate.isLibrary() ? ", a library" : "",
                verified(candidate.artifact()));
    }

    /** {@return what an operator should know who has written a policy with steps, if that was for what a release has replaced} */
    private Optional<String> skippedSteps(Deployed release, List<Candidate> published, Change change) {
        List<Candidate> its = published.stream()
                .filter(candidate -> candidate.whole().file().equals(release.file()))
                .toList();
        if (its.isEmpty() || change.replacedBy(its.get(0).whole()).isEmpty()) {
            return Optional.empty();
        }
        Policies policies = parts.rollouts().policies();
        return its.stream()
                .map(one -> policies.choose(one.artifact().symbolicName(), Deployed.names(one.published())))
                .filter(Choice.Chosen.class::isInstance)
                .map(choice -> ((Choice.Chosen) choice).policy())
                .filter(policy -> policy.steps().size() > 1)
                .map(policy -> "published whole, without the steps of the rollout policy for " + policy.subject()
                        + ": a release has none. To have them, put its bundles into the folder one by one")
                .findFirst();
    }

    /** The bundles of a release are in the chain. */
    private void releasePublished(Deployed release, Optional<String> note) {
        parts.roster().put(release);
        parts.reservations().drop(release.file());
        parts.board().calm(placeAlarm(release.file()));
        succeeded(release);
        releaseStands(release.entry());
        note.ifPresent(remark -> {
            LOG.warn("{}: {}", release.file(), remark);
            release.entry().remark(remark);
        });
        RollBackNote.tell(parts.folder(), release);
        LOG.info("deployed release {} from {}", release.title(), release.file());
    }

    /** Each of its parts has been there, and nobody else says so of the whole. */
    public static void releaseStands(Entry release) {
        if (release.state() == DeploymentState.VERIFIED) {
            release.to(DeploymentState.INSTALLED);
            release.to(DeploymentState.CLAIMED);
            release.to(DeploymentState.STARTED);
            release.to(DeploymentState.PROBED);
        }
        release.to(DeploymentState.PUBLISHED);
    }

    /** What a file deploys is in the chain: nothing more is to be said of the attempt. */
    private void succeeded(Deployed deployed) {
        String file = deployed.file();
        if (parts.attempts().succeeded(file, deployed.entry())) {
            parts.folder().clearMarker(file);
            parts.awaited().remove(file);
        }
        if (deployed.artifact().rolledBack().isPresent()) {
            dropWhatItStandsFor(file);
        }
        RollBackNote.tell(parts.folder(), deployed);
    }

    private static String verified(Artifact artifact) {
        return artifact.verified().isEmpty() ? "" : "; verified: " + String.join(", ", artifact.verified());
    }

    /** What was said of the file's own content, if that had failed, is of no interest while earlier content is deployed. */
    private void dropWhatItStandsFor(String file) {
        parts.attempts()
                .find(file)
                .map(Entry::state)
                .filter(state -> state == DeploymentState.FAILED
                        || state == DeploymentState.DUPLICATE
                        || state == DeploymentState.SUPERSEDED)
                .ifPresent(state -> parts.attempts().drop(file));
        // Also what an operator had decided about the content before; but not that new content isn't complete yet.
        if (parts.attempts().find(file).isEmpty()) {
            parts.folder().clearMarker(file);
        }
    }

    private void move(Change.Move move) {
        String file = move.file();
        Deployed moved = move.moved();
        parts.roster().put(moved);
        if (move.why() != Change.Move.Why.RENAMED) {
            stay(move, moved);
            return;
        }
        parts.attempts().drop(file);
        parts.reservations().drop(file);
        moved.entry().renamed(file);
        if (moved.isRelease()) {
            moved.entry().called(moved.artifact().symbolicName());
        }
        parts.folder().clearMarker(file);
        markDecision(moved);
    }

    /** What is said of other content of the file stays as it is. */
    private void stay(Change.Move move, Deployed moved) {
        moved.entry().renamed(move.file());
        if (move.why() == Change.Move.Why.ASIDE) {
            moved.entry().remark(besideMessage(move.deployed().file()));
        } else {
            moved.entry().unremark();
            parts.reservations().drop(move.file());
            // What is said beside the file of newer content stays.
            if (parts.attempts().find(move.file()).isEmpty()) {
                parts.folder().clearMarker(move.file());
                markDecision(moved);
            }
        }
    }

    /** {@return what status says of what stays beside a candidate of the same file} */
    static String besideMessage(String file) {
        return "stays beside " + file + " until its rollout is over";
    }

    private void leave(Deployed deployed, boolean lingers) {
        if (deployed.isLost()) {
            if (deployed.artifact().isMember()) {
                parts.attempts().drop(deployed.file());
                parts.reservations().drop(deployed.file());
            }
            parts.board().calm(placeAlarm(deployed.file()));
            if (!deployed.artifact().isOfAFile()) {
                // There is no file that could have them dropped.
                parts.reservations().drop(deployed.file());
            }
            deployed.bundleId().ifPresent(bundle -> releaseEarlier(bundle, deployed.file(), deployed.artifact()));
            return;
        }
        if (deployed.isRelease()) {
            // Its bundles are drained and released, each by itself.
            deployed.entry().leave();
            deployed.entry().to(DeploymentState.DRAINED);
            deployed.entry().to(DeploymentState.RELEASED);
        } else if (deployed.entry().leave() && deployed.bundleId().isPresent()) {
            Optional<String> lingersAs =
                    lingers ? Optional.of(deployed.lingering().file()) : Optional.empty();
            release(deployed.bundleId().getAsLong(), deployed.artifact(), lingersAs, deployed.entry());
        }
    }

    /** Lets go a bundle of the deployer's earlier run, whose units have left the chain. */
    public void releaseEarlier(long bundleId, String file, PublishedArtifact artifact) {
        Entry entry = parts.board().add(file);
        entry.identified(
                artifact.sha256(),
                artifact.symbolicName(),
                artifact.version(),
                Deployed.names(artifact).stream().sorted().toList());
        entry.bundle(bundleId);
        entry.to(DeploymentState.PUBLISHED);
        entry.to(DeploymentState.RETIRED);
        release(bundleId, artifact, Optional.empty(), entry);
    }

    private void release(long bundleId, PublishedArtifact artifact, Optional<String> lingersAs, Entry entry) {
        String title = (artifact.symbolicName() + " " + artifact.version()).strip();
        parts.release()
                .release(new Leaver(
                        bundleId,
                        artifact.file(),
                        title,
                        lingersAs,
                        Deployed.departure(artifact, entry),
                        parts.ledger().history().publicationOfGoing(artifact),
                        entry));
    }

    private void nameTheTwin(Artifact duplicate) {
        parts.roster().all().stream()
                .filter(deployed -> deployed.sha256().equals(duplicate.sha256())
                        || Supersession.areRivals(deployed.artifact(), duplicate))
                .findFirst()
                .ifPresent(twin -> {
                    parts.attempts().at(duplicate.file()).because(Duplicates.message(twin.artifact(), duplicate));
                    parts.reservations().drop(duplicate.file());
                });
    }

    /** {@return why a candidate can't be published with a change: what stays has its name and version} */
    Optional<String> clash(Candidate candidate, Change change) {
        Artifact artifact = candidate.artifact();
        return parts.roster().all().stream()
                .filter(deployed -> !deployed.isLost() && !change.leaving().contains(deployed))
                .filter(deployed -> !deployed.isRelease() && !parts.rollouts().isBeside(deployed.file()))
                .filter(deployed -> deployed.artifact().symbolicName().equals(artifact.symbolicName())
                        && deployed.artifact().version().equals(artifact.version())
                        && (candidate.whole().isRelease() || !deployed.sha256().equals(artifact.sha256())))
                .findFirst()
                .map(deployed -> BatchPlan.clashMessage(artifact, deployed.file()));
    }

    /** What is to be deployed from a file is deployed from it already; whether it is the file's own may be news. */
    void asItWas(Artifact artifact, Motive motive) {
        Optional<Deployed> deployed = parts.roster()
                .find(artifact.file())
                .filter(one -> !one.artifact().rolledBack().equals(artifact.rolledBack()));
        boolean decided = deployed.isEmpty() || decide(deployed.get(), artifact.rolledBack(), motive);
        asItWas(artifact.file());
        if (decided) {
            parts.wishes().published(artifact);
        } else {
            parts.wishes()
                    .failed(
                            artifact,
                            Failure.ofDisk("the ledger can't be written: look at the disk of the data directory"));
        }
    }

    /**
     * An operator's decision about what is deployed from a file begins to hold, or ends; nothing comes or goes.
     *
     * @return whether the ledger has it; if not, nothing has changed
     */
    boolean decide(Deployed deployed, Optional<RolledBack> decision, Motive motive) {
        Deployed next = deployed.with(decision);
        String words = motive.words().orElse(deployed.file() + " has the content that is deployed");
        try {
            parts.ledger()
                    .append(new LedgerRecord.Published(
                            parts.clock().instant(), motive.cause(), words, List.of(next.artifact()), List.of()));
        } catch (IOException e) {
            LOG.error("{}: the ledger can't be written: {}", words, e.toString());
            return false;
        }
        LOG.info("{}", words);
        parts.roster().put(next);
        next.entry().unremark();
        return true;
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
        RollBackNote.tell(parts.folder(), deployed);
    }

    /** {@return the key of the alarm that a file's places can't be filled} */
    public static String placeAlarm(String file) {
        return "place:" + file;
    }
}
