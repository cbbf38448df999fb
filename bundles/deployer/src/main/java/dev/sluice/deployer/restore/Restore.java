package dev.sluice.deployer.restore;

import dev.sluice.chain.ReservedPlace;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.deploy.Change;
import dev.sluice.deployer.deploy.Parts;
import dev.sluice.deployer.deploy.Publication;
import dev.sluice.deployer.deploy.RollBackNote;
import dev.sluice.deployer.deploy.Succession;
import dev.sluice.deployer.deploy.Turnover;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.ledger.Decision;
import dev.sluice.deployer.ledger.LedgerRecord.Decided;
import dev.sluice.deployer.ledger.LedgerState;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.operator.Decisions;
import dev.sluice.deployer.status.Entry;
import dev.sluice.deployer.trial.BringUp;
import dev.sluice.deployer.trial.Candidate;
import dev.sluice.deployer.trial.Installation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back what the ledger says was published, in one generation. What runs already, because only the deployer was away,
 * is left alone. What can't be brought back keeps its places, closed.
 */
public final class Restore {

    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);

    private final Parts parts;
    private final Present present;
    private final Returns returns;
    private final Publication publication;
    private final Turnover turnover;
    private final Gone gone;

    /** The bundles that keep the places of what is to come back, by file. */
    private final Map<String, Long> holders = new HashMap<>();

    /** @param mayLook whether files in the folder may be looked into that nobody has verified */
    public Restore(Parts parts, Present present, BooleanSupplier mayLook) {
        this.parts = parts;
        this.present = present;
        LedgerState state = parts.ledger().state();
        this.returns =
                new Returns(state, new Contents(parts.store(), parts.folder(), state.published()::get), parts.store());
        this.publication = new Publication(parts.chain(), parts.ledger(), parts.rollouts(), parts.clock());
        this.turnover = new Turnover(parts);
        this.gone = new Gone(parts, mayLook);
    }

    /** Brings everything back, and lets go what isn't deployed any more. */
    public void run() {
        LedgerState state = parts.ledger().state();
        parts.rollouts().restore(state);
        List<PublishedArtifact> away = new ArrayList<>();
        List<PublishedArtifact> releases = new ArrayList<>();
        for (PublishedArtifact published : state.published().values()) {
            Optional<Decision> decision =
                    Optional.ofNullable(state.decisions().get(published.file())).map(Decided::decision);
            Entry entry = identified(published);
            if (published.isRelease()) {
                releases.add(published);
            } else if (decision.filter(Decision.REMOVED::equals).isPresent()) {
                keepDown(published, OptionalLong.empty(), DeploymentState.REMOVED, state);
            } else if (!adopted(published, decision, entry, state)) {
                away.add(published);
            }
        }
        Set<PublishedArtifact> left = removeTheGone(away, state.decisions());
        releases.removeAll(left);
        gone.forget();
        reserve(away, state.decisions());
        Predicate<PublishedArtifact> isToRun = published -> !state.decisions().containsKey(published.file());
        away.stream().filter(isToRun.negate()).forEach(published -> returns.artifact(published)
                .ifPresentOrElse(
                        artifact -> installOnly(artifact, published, state),
                        () -> lost(published, Optional.empty(), missingCopy(published))));
        bringUp(returning(Returns.byFile(away, isToRun)));
        releases.forEach(this::settle);
        releaseStrays();
        if (!parts.isGoingAway()) {
            new Succession(parts).restored();
        }
    }

    /** {@return what can be tried; what can't is lost} */
    private Map<Artifact, Return> returning(Collection<List<PublishedArtifact>> files) {
        Map<Artifact, Return> returning = new LinkedHashMap<>();
        for (List<PublishedArtifact> its : files) {
            Optional<Return> one = returns.of(its);
            Optional<Failure> exits =
                    parts.trialLog().exited(returns.whole(its).sha256()).map(Failure::ofContent);
            if (one.isEmpty()) {
                its.forEach(published -> lost(published, Optional.empty(), missingCopy(published)));
            } else if (exits.isPresent()) {
                its.forEach(published -> lost(published, one.get().again(), exits.get()));
            } else {
                returning.put(one.get().artifact(), one.get());
            }
        }
        return returning;
    }

    /** What came in a release is back, or isn't: it stands if all is, or is as an operator wants it. */
    private void settle(PublishedArtifact release) {
        Entry entry = parts.attempts().at(release.file());
        List<Deployed> lost = parts.roster().of(release.file()).stream()
                .filter(Deployed::isLost)
                .toList();
        if (parts.isGoingAway()) {
            return;
        }
        if (lost.isEmpty()) {
            Deployed deployed = new Deployed(release, OptionalLong.empty(), entry, false);
            Turnover.releaseStands(entry);
            stands(deployed);
        } else {
            entry.fail(lost.stream()
                    .map(one -> one.entry().view().reason().orElse("it can't be brought back"))
                    .distinct()
                    .collect(Collectors.joining("; ")));
            parts.roster().put(new Deployed(release, OptionalLong.empty(), entry, true));
        }
    }

    /** What an operator keeps down isn't started, and what runs already has nothing to fear: the watch sees to both. */
    private Set<PublishedArtifact> removeTheGone(List<PublishedArtifact> away, Map<String, Decided> decisions) {
        List<PublishedArtifact> toStart = away.stream()
                .filter(published -> !decisions.containsKey(published.file()))
                .toList();
        Set<PublishedArtifact> left = gone.remove(toStart);
        away.removeAll(left);
        return left;
    }

    /** Before anything leaves the chain: an earlier run of the deployer may have left places that only it knew of. */
    private void reserve(List<PublishedArtifact> away, Map<String, Decided> decisions) {
        Map<String, List<ReservedPlace>> places = new LinkedHashMap<>();
        for (PublishedArtifact published : away) {
            if (decisions.containsKey(published.file())) {
                continue;
            }
            present.takeHolder(published).ifPresent(bundle -> holders.put(published.file(), bundle));
            places.put(published.file(), Deployed.places(published));
        }
        parts.reservations().begin(places);
    }

    private Entry identified(PublishedArtifact published) {
        Entry entry = parts.attempts().at(published.file());
        returns.identify(entry, published);
        return entry;
    }

    private void keepDown(PublishedArtifact published, OptionalLong bundle, DeploymentState down, LedgerState state) {
        Decided decided = state.decisions().get(published.file());
        String message = down == DeploymentState.STOPPED
                ? Decisions.stoppedMessage(decided.operator(), decided.at())
                : Decisions.removedMessage(decided.operator(), decided.at());
        Entry entry = parts.attempts().at(published.file());
        bundle.ifPresent(entry::bundle);
        entry.to(down, message);
        stands(new Deployed(published, bundle, entry, false));
    }

    private boolean adopted(PublishedArtifact published, Optional<Decision> decision, Entry entry, LedgerState state) {
        OptionalLong bundle =
                decision.isPresent() ? present.takeStopped(published.sha256()) : present.takeRunning(published);
        if (bundle.isEmpty()) {
            return false;
        }
        if (decision.isPresent()) {
            keepDown(published, bundle, DeploymentState.STOPPED, state);
        } else {
            entry.bundle(bundle.getAsLong());
            entry.to(DeploymentState.PUBLISHED);
            stands(new Deployed(published, bundle, entry, false));
        }
        return true;
    }

    /** A stopped bundle is there for the operator to start. */
    private void installOnly(Artifact artifact, PublishedArtifact published, LedgerState state) {
        Candidate candidate = new Candidate(artifact, parts.attempts().at(artifact.file()));
        parts.installation().install(candidate);
        if (candidate.isGood()) {
            keepDown(published, candidate.bundleId(), DeploymentState.STOPPED, state);
        } else {
            lost(published, Optional.of(artifact), candidate.failure().orElseThrow());
        }
    }

    private void stands(Deployed deployed) {
        parts.roster().put(deployed);
        parts.attempts().succeeded(deployed.file(), deployed.entry());
        parts.reservations().drop(deployed.file());
        RollBackNote.tell(parts.folder(), deployed);
    }

    private void bringUp(Map<Artifact, Return> returning) {
        if (returning.isEmpty()) {
            return;
        }
        BringUp.Result result =
                new BringUp(parts.installation(), parts.trials(), new Around(), List.copyOf(returning.keySet())).run();
        result.failed().forEach((artifact, failure) -> returning
                .get(artifact)
                .parts()
                .forEach(one -> lost(one, returning.get(artifact).again(), failure)));
        if (parts.isGoingAway()) {
            return;
        }
        Function<Candidate, PublishedArtifact> published =
                candidate -> returning.get(candidate.whole().artifact()).part(candidate.file());
        // Reserved before, and the earlier bundles leave with the publish: there is no chain without one of the places.
        List<Candidate> good = new ArrayList<>(result.good());
        List<Deployed> leaving = good.stream()
                .map(published)
                .filter(one -> holders.containsKey(one.file()))
                .map(one -> held(one, parts.attempts().at(one.file()), false))
                .toList();
        Map<Candidate, Failure> refused =
                publication.toTheChain(Change.of(good, leaving), "restore what was last published");
        refused.forEach((candidate, failure) -> {
            parts.installation().takeAway(candidate);
            lost(
                    published.apply(candidate),
                    returning.get(candidate.whole().artifact()).again(),
                    failure);
        });
        good.removeAll(refused.keySet());
        turnover.published(good);
        good.stream()
                .filter(candidate -> ArtifactNames.isMember(candidate.file()))
                .forEach(candidate -> parts.attempts().succeeded(candidate.file(), candidate.entry()));
        good.forEach(candidate -> Optional.ofNullable(holders.remove(candidate.file()))
                .ifPresent(bundle -> turnover.releaseEarlier(bundle, candidate.file(), published.apply(candidate))));
    }

    private Deployed held(PublishedArtifact published, Entry entry, boolean isLost) {
        Long holder = holders.get(published.file());
        return new Deployed(published, holder == null ? OptionalLong.empty() : OptionalLong.of(holder), entry, isLost);
    }

    private final class Around implements BringUp.Surroundings {
        @Override
        public Entry entry(Artifact artifact) {
            return parts.attempts().at(artifact.file());
        }

        @Override
        public Entry memberEntry(Artifact member) {
            return parts.attempts().at(member.file());
        }

        @Override
        public Set<Long> leaving(Set<String> files) {
            return earlier();
        }
    }

    /** {@return the bundles that nothing new is to be wired to} */
    private Set<Long> earlier() {
        return Stream.concat(
                        holders.values().stream(), present.strays().stream().map(Bundle::getBundleId))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void releaseStrays() {
        List<Bundle> strays = present.strays();
        if (strays.isEmpty() || parts.isGoingAway()) {
            return;
        }
        parts.chain()
                .publish(
                        Set.of(),
                        strays.stream().map(Bundle::getBundleId).collect(Collectors.toUnmodifiableSet()),
                        "release what isn't deployed any more");
        for (Bundle bundle : strays) {
            String version = bundle.getVersion().toString();
            String title = bundle.getSymbolicName() + " " + version;
            turnover.releaseEarlier(
                    bundle.getBundleId(),
                    title,
                    new PublishedArtifact(
                            title, Installation.digest(bundle), bundle.getSymbolicName(), version, List.of()));
        }
    }

    private void lost(PublishedArtifact published, Optional<Artifact> artifact, Failure said) {
        Failure failure = parts.installation().cause(said);
        String file = published.file();
        Entry entry = parts.attempts().at(file);
        if (entry.state() == DeploymentState.RELEASED) {
            // Of a release that failed together.
            parts.attempts().withdraw(file, entry);
            entry = identified(published);
        }
        entry.fail(failure.message());
        parts.roster().put(held(published, entry, true));
        if (failure.waits() instanceof Waits.ForDeployer) {
            return;
        }
        parts.reservations().put(file, Deployed.places(published));
        String names = published.places().stream().map(PublishedPlace::name).collect(Collectors.joining(", "));
        String consequence = names.isEmpty()
                ? ""
                : ", and requests on the paths of " + names + " are answered with 503 where it is fail-closed";
        LOG.error("{} can't be brought back{}: {}", file, consequence, failure.message());
        parts.board()
                .alarm(
                        Turnover.placeAlarm(file),
                        file + " can't be brought back" + consequence + ": " + failure.message());
        parts.folder()
                .markFailed(
                        published.inFolder(), failure.message(), parts.clock().instant());
        artifact.ifPresent(one -> parts.awaited().put(one, failure));
    }

    private static Failure missingCopy(PublishedArtifact published) {
        String file = published.inFolder();
        String copy = "its copy in data/store is missing or damaged, and " + file
                + " in the deploy folder hasn't the same content: ";
        String earlier = "roll it back to earlier content that is kept";
        return Failure.ofContent(copy
                + (published.rolledBack().isPresent()
                        ? "roll it forward to what the file has, roll it back to something else, or replace the file"
                        : "put the file there again, or " + earlier
                                + (published.isMember() ? ", which brings all of the release back as it was" : "")));
    }
}
