package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.DeclaredMiddleware;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.folder.Batch;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.status.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of each batch that settles in the folder, from verified files to a published generation. Runs on the watch's
 * thread alone, and one batch after another; what leaves is drained and released elsewhere.
 */
final class Deployer {

    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
    private static final String LEDGER_ALARM = "ledger";

    private final Parts parts;
    private final BringUp bringUp;
    private final Departures departures;
    private final Publication publication;
    private final Turnover turnover;
    private final Failures failures;
    private final Map<String, Artifact> duplicates = new HashMap<>();
    private final Set<String> owedDepartures = new HashSet<>();

    Deployer(Parts parts) {
        this.parts = parts;
        this.departures = new Departures(parts.roster(), parts.inUse());
        this.bringUp =
                new BringUp(parts.installation(), parts.trials(), file -> departures.namesLeaving(file, duplicates));
        this.publication = new Publication(parts.chain(), parts.ledger(), parts.clock());
        this.turnover = new Turnover(parts);
        this.failures = new Failures(parts);
    }

    /** Does all that a batch asks for. */
    void deploy(Batch batch) {
        Set<String> gone = new HashSet<>(batch.gone());
        gone.addAll(owedDepartures);
        batch.accepted().forEach(artifact -> gone.remove(artifact.file()));
        gone.forEach(this::leftTheFolder);
        batch.refused().forEach(this::refuse);
        List<Artifact> toDeploy = accept(batch, !gone.isEmpty());
        parts.firstStart().reserve(toDeploy);

        BatchPlan plan = BatchPlan.of(toDeploy, gone, standing());
        plan.unchanged().forEach(artifact -> turnover.asItWas(artifact.file()));
        plan.clashes().forEach((artifact, message) -> failures.fail(artifact, Failure.ofBundles(message)));
        plan.duplicates().forEach(this::duplicate);

        BringUp.Result result = bringUp.bringUp(
                plan.candidates(),
                artifact -> parts.attempts().at(artifact.file()),
                files -> departures.bundlesLeaving(files, duplicates, gone));
        result.failed().forEach(failures::report);
        failTwinsOf(result.failed().keySet(), plan);
        publish(withoutClashes(result.good(), gone), gone);
        parts.store().prune(inUse());
        parts.firstStart().openIfComplete();
    }

    /** A file has gone, and with it all that was said of it. What is deployed from it leaves at the publish. */
    private void leftTheFolder(String file) {
        parts.awaited().remove(file);
        duplicates.remove(file);
        parts.attempts().drop(file);
        parts.folder().clearMarker(file);
        parts.reservations().drop(file);
    }

    private void refuse(Verdict.Refused refused) {
        parts.awaited().remove(refused.file());
        duplicates.remove(refused.file());
        Entry entry = parts.attempts().at(refused.file());
        entry.digested(refused.sha256());
        entry.fail(refused.message());
        failures.mark(refused.file(), refused.message());
    }

    /** {@return what the batch brings, and what failed earlier and may succeed now that the batch changes something} */
    private List<Artifact> accept(Batch batch, boolean somethingGone) {
        for (Artifact artifact : batch.accepted()) {
            parts.awaited().remove(artifact.file());
            duplicates.remove(artifact.file());
            identify(artifact);
        }
        boolean changes = somethingGone || !batch.accepted().isEmpty();
        List<Artifact> again = changes ? parts.awaited().ofBundles() : List.of();
        return Stream.concat(batch.accepted().stream(), again.stream()).toList();
    }

    private void identify(Artifact artifact) {
        parts.attempts()
                .at(artifact.file())
                .identified(
                        artifact.sha256(),
                        artifact.symbolicName(),
                        artifact.version(),
                        artifact.declared().stream()
                                .map(DeclaredMiddleware::name)
                                .flatMap(Optional::stream)
                                .sorted()
                                .toList());
    }

    private List<PublishedArtifact> standing() {
        return parts.roster().all().stream()
                .filter(deployed -> !deployed.isLost())
                .map(Deployed::artifact)
                .toList();
    }

    private void duplicate(BatchPlan.Duplicate duplicate) {
        Artifact artifact = duplicate.artifact();
        duplicates.put(artifact.file(), artifact);
        parts.attempts().at(artifact.file()).to(DeploymentState.DUPLICATE, "same content as " + duplicate.twin());
        parts.folder().clearMarker(artifact.file());
    }

    private void failTwinsOf(Set<Artifact> failed, BatchPlan plan) {
        Map<String, Artifact> byFile = failed.stream().collect(Collectors.toMap(Artifact::file, artifact -> artifact));
        plan.duplicates().stream()
                .filter(duplicate -> byFile.containsKey(duplicate.twin()))
                .forEach(duplicate -> {
                    duplicates.remove(duplicate.artifact().file());
                    failures.fail(
                            duplicate.artifact(),
                            Failure.ofBundles("same content as " + duplicate.twin() + ", which failed"));
                });
    }

    /** One whose clash was to go with a file that stays after all, since its new content failed. */
    private List<Candidate> withoutClashes(List<Candidate> good, Set<String> gone) {
        List<Candidate> remaining = new ArrayList<>(good);
        boolean changed = true;
        while (changed) {
            Change change = departures.change(remaining, duplicates, gone);
            Optional<Candidate> clashing = remaining.stream()
                    .filter(candidate -> turnover.clash(candidate, change).isPresent())
                    .findFirst();
            changed = clashing.isPresent();
            clashing.ifPresent(candidate -> {
                remaining.remove(candidate);
                drop(
                        candidate,
                        Failure.ofBundles(turnover.clash(candidate, change).orElseThrow()));
            });
        }
        return remaining;
    }

    private void drop(Candidate candidate, Failure failure) {
        parts.installation().takeAway(candidate);
        failures.fail(candidate.artifact(), failure);
    }

    private void publish(List<Candidate> good, Set<String> gone) {
        Change change = departures.change(good, duplicates, gone);
        owedDepartures.clear();
        if (change.isEmpty()) {
            return;
        }
        if (parts.trials().isClosed()) {
            // The chain may be away, and the next start compares the folder with the ledger.
            good.forEach(candidate -> drop(candidate, Trials.stopping()));
            return;
        }
        Map<String, LedgerRecord.Decided> decisions = parts.ledger().state().decisions();
        Map<Candidate, Failure> refused = new LinkedHashMap<>();
        try {
            refused.putAll(publication.publish(change));
            parts.board().calm(LEDGER_ALARM);
        } catch (IOException e) {
            String message = "the ledger can't be written (" + e + "): look at the disk of the data directory";
            LOG.error("Nothing is published: {}", message);
            parts.board().alarm(LEDGER_ALARM, "Nothing is published: " + message);
            owedDepartures.addAll(gone);
            good.forEach(candidate -> drop(candidate, Failure.ofBundles(message)));
            return;
        }
        change.moves().forEach(move -> duplicates.remove(move.file()));
        turnover.done(change, refused.keySet(), decisions, duplicates.values());
        refused.forEach(this::drop);
        // Publishing has cleared what was kept for those that were refused after all.
        parts.reservations().record();
    }

    private Set<String> inUse() {
        Stream<String> wanted = Stream.concat(duplicates.values().stream(), parts.awaited().all().stream())
                .map(Artifact::sha256);
        Stream<String> deployed = Stream.concat(
                parts.ledger().state().published().values().stream().map(PublishedArtifact::sha256),
                parts.roster().all().stream().map(Deployed::sha256));
        return Stream.concat(wanted, deployed).collect(Collectors.toUnmodifiableSet());
    }
}
