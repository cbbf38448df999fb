package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.DeclaredMiddleware;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.folder.Batch;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.status.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What becomes of each batch that settles in the folder, from verified files to a published generation. Runs on the watch's
 * thread alone, which is the one writer, and never waits: while candidates are tried, on threads of their own, it deals with
 * other batches; when a trial is over, it goes on in a step on the same thread. What leaves is drained and released
 * elsewhere.
 */
final class Deployer {

    private final Parts parts;
    private final Consumer<Runnable> steps;
    private final Departures departures;
    private final Conclusion conclusion;
    private final Turnover turnover;
    private final Failures failures;
    private final Agenda agenda = new Agenda();
    private final Retries retries;
    private final DiskRetries diskRetries;
    private final Map<String, Artifact> duplicates = new HashMap<>();
    private final List<CompletableFuture<Void>> idle = new ArrayList<>();

    /** @param steps runs a step on the watch's thread, soon; for any thread */
    Deployer(Parts parts, Consumer<Runnable> steps) {
        this.parts = parts;
        this.steps = steps;
        this.departures = new Departures(parts.roster(), parts.inUse(), parts.absences()::now);
        this.conclusion = new Conclusion(parts, departures, duplicates);
        this.turnover = new Turnover(parts);
        this.failures = new Failures(parts);
        this.retries = new Retries(parts, agenda);
        this.diskRetries = new DiskRetries(parts, conclusion, retries, agenda, steps, this::proceed);
    }

    /** Does all that a batch asks for, or begins it. */
    void deploy(Batch batch) {
        Set<String> gone = new HashSet<>(batch.gone());
        gone.addAll(conclusion.takeOwedDepartures());
        List<Artifact> news = batch.accepted().stream().filter(this::isNews).toList();
        batch.accepted().forEach(artifact -> gone.remove(artifact.file()));
        gone.forEach(this::supersede);
        gone.forEach(this::leftTheFolder);
        batch.refused().forEach(this::refuse);
        news.forEach(this::accept);
        List<Artifact> toDeploy = new ArrayList<>(news);
        if (!gone.isEmpty() || !news.isEmpty()) {
            toDeploy.addAll(retries.withTheNext());
        }
        parts.firstStart().reserve(toDeploy);
        undertake(toDeploy, gone);
        proceed();
    }

    /** One in whose trial the process has died is tried apart from the others: if it does again, that one is guilty. */
    private void undertake(List<Artifact> toDeploy, Set<String> gone) {
        Map<Boolean, List<Artifact>> suspected = toDeploy.stream()
                .collect(Collectors.partitioningBy(artifact -> parts.trialLog().suspects(artifact.sha256())));
        agenda.add(new Undertaking(suspected.get(false), gone, parts.roster()::find));
        suspected.get(true).forEach(artifact -> {
            Undertaking alone = new Undertaking(List.of(artifact), Set.of(), parts.roster()::find);
            alone.oneAtATime("suspects");
            agenda.add(alone);
        });
    }

    /** {@return completed, on the watch's thread, when nothing is under way and nothing waits; for any thread} */
    CompletableFuture<Void> idle() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        steps.accept(() -> {
            idle.add(done);
            proceed();
        });
        return done;
    }

    /** {@return whether what the watch has handed over from a file last waits to be tried, or is} */
    boolean isAbout(String file) {
        return agenda.hasFile(file);
    }

    /** Gives up what is under way: the deployer goes away, and the watch's thread has ended. */
    void close() {
        agenda.abandon();
    }

    private void proceed() {
        for (Optional<Undertaking> next = agenda.next(); next.isPresent(); next = agenda.next()) {
            begin(next.get());
        }
        diskRetries.schedule();
        if (agenda.isIdle()) {
            idle.forEach(done -> done.complete(null));
            idle.clear();
        }
    }

    private void begin(Undertaking undertaking) {
        Set<String> gone = undertaking.gone();
        BatchPlan plan = BatchPlan.of(undertaking.artifacts(), gone, standing());
        plan.unchanged().forEach(artifact -> turnover.asItWas(artifact.file()));
        plan.clashes().forEach((artifact, message) -> failures.fail(artifact, Failure.ofBundles(message)));
        plan.duplicates().forEach(duplicate -> duplicate(duplicate, undertaking));
        BringUp bringUp =
                new BringUp(parts.installation(), parts.trials(), new Around(undertaking), withoutCondemned(plan));
        undertaking.begun(bringUp, retries.publishes());
        advance(undertaking, bringUp);
    }

    private List<Artifact> withoutCondemned(BatchPlan plan) {
        List<Artifact> candidates = new ArrayList<>(plan.candidates());
        candidates.removeIf(artifact -> {
            Optional<String> why = parts.trialLog().condemns(artifact.sha256());
            why.ifPresent(reason -> failures.fail(artifact, Failure.ofContent(reason)));
            return why.isPresent();
        });
        return candidates;
    }

    /** As far as it goes without waiting. */
    private void advance(Undertaking undertaking, BringUp bringUp) {
        try {
            while (!bringUp.isOver()) {
                CompletableFuture<Void> tried = bringUp.begin();
                if (!tried.isDone()) {
                    tried.thenRun(() -> steps.accept(() -> goOn(undertaking, bringUp)));
                    return;
                }
                bringUp.end();
            }
        } catch (RuntimeException e) {
            giveUp(undertaking, bringUp);
            throw e;
        }
        try {
            finish(undertaking, bringUp.result());
        } finally {
            // Whatever happens: what touches it must not wait for ever. Its bundles stay, as they may be published.
            agenda.done(undertaking);
        }
    }

    private void giveUp(Undertaking undertaking, BringUp bringUp) {
        agenda.done(undertaking);
        bringUp.abandon();
    }

    private void goOn(Undertaking undertaking, BringUp bringUp) {
        try {
            bringUp.end();
        } catch (RuntimeException e) {
            giveUp(undertaking, bringUp);
            throw e;
        }
        try {
            advance(undertaking, bringUp);
        } finally {
            proceed();
        }
    }

    private void finish(Undertaking undertaking, BringUp.Result result) {
        Set<String> gone = undertaking.gone();
        boolean isLate = retries.publishes() != undertaking.begunAt();
        result.failed().forEach(failures::report);
        settleDuplicates(undertaking, result);
        if (conclusion.publish(result.good(), gone)) {
            retries.published();
        }
        agenda.done(undertaking);
        retries.ended(undertaking, isLate);
        retries.due().ifPresent(agenda::add);
        parts.store().prune(inUse());
        parts.firstStart().openIfComplete();
    }

    /** What an undertaking needs to know of the others, and of what stands. */
    private final class Around implements BringUp.Surroundings {
        private final Undertaking undertaking;

        Around(Undertaking undertaking) {
            this.undertaking = undertaking;
        }

        @Override
        public Entry entry(Artifact artifact) {
            return parts.attempts().at(artifact.file());
        }

        @Override
        public Set<Long> leaving(Set<String> files) {
            return departures.bundlesLeaving(files, duplicatesWith(undertaking), undertaking.gone());
        }

        @Override
        public Set<String> namesBefore(String file) {
            return departures.namesLeaving(file, duplicatesWith(undertaking));
        }

        @Override
        public Map<Long, String> undecided() {
            return agenda.undecided(undertaking);
        }
    }

    private Map<String, Artifact> duplicatesWith(Undertaking undertaking) {
        Map<String, Artifact> both = new HashMap<>(duplicates);
        both.putAll(undertaking.duplicates());
        return both;
    }

    /** {@return whether it isn't what is about to be deployed, or tried, already} */
    private boolean isNews(Artifact artifact) {
        boolean news = !agenda.has(artifact);
        if (!news) {
            parts.attempts().restored(artifact.file());
        }
        return news;
    }

    private void supersede(String file) {
        parts.attempts().find(file).flatMap(entry -> entry.view().sha256()).ifPresent(parts.trialLog()::forgive);
        agenda.supersede(file);
        parts.attempts().superseded(file);
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
        supersede(refused.file());
        parts.awaited().remove(refused.file());
        duplicates.remove(refused.file());
        Entry entry = parts.attempts().at(refused.file());
        entry.digested(refused.sha256());
        entry.fail(refused.message());
        failures.refuse(refused.file(), refused.message());
    }

    private void accept(Artifact artifact) {
        supersede(artifact.file());
        parts.awaited().remove(artifact.file());
        duplicates.remove(artifact.file());
        identify(artifact);
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

    /** What somebody has taken away doesn't stand: the same content, put there again, brings it back. */
    private List<PublishedArtifact> standing() {
        Predicate<Deployed> isAway = parts.absences().now();
        return parts.roster().all().stream()
                .filter(deployed -> !deployed.isLost() && !isAway.test(deployed))
                .map(Deployed::artifact)
                .toList();
    }

    private void duplicate(BatchPlan.Duplicate duplicate, Undertaking undertaking) {
        Artifact artifact = duplicate.artifact();
        undertaking.duplicates().put(artifact.file(), artifact);
        parts.attempts().at(artifact.file()).to(DeploymentState.DUPLICATE, "same content as " + duplicate.twin());
        parts.folder().clearMarker(artifact.file());
    }

    /** A twin that failed takes its duplicates with it, and one that went meanwhile leaves the content to them. */
    private void settleDuplicates(Undertaking undertaking, BringUp.Result result) {
        Map<String, String> failed = result.failed().keySet().stream()
                .collect(Collectors.toMap(Artifact::sha256, Artifact::file, (one, other) -> one));
        Set<String> there = Stream.concat(
                        standing().stream().map(PublishedArtifact::sha256),
                        result.good().stream()
                                .map(candidate -> candidate.artifact().sha256()))
                .collect(Collectors.toSet());
        List<Artifact> orphans = new ArrayList<>();
        undertaking.duplicates().forEach((file, artifact) -> {
            if (failed.containsKey(artifact.sha256())) {
                String twin = failed.get(artifact.sha256());
                failures.fail(artifact, Failure.ofBundles("same content as " + twin + ", which failed"));
            } else if (there.contains(artifact.sha256())) {
                duplicates.put(file, artifact);
            } else {
                orphans.add(artifact);
            }
        });
        if (!orphans.isEmpty()) {
            agenda.add(new Undertaking(orphans, Set.of(), parts.roster()::find));
        }
    }

    private Set<String> inUse() {
        Stream<String> wanted = Stream.of(
                        duplicates.values().stream(), parts.awaited().all().stream(), agenda.artifacts())
                .flatMap(artifacts -> artifacts)
                .map(Artifact::sha256);
        Stream<String> deployed = Stream.concat(
                parts.ledger().state().published().values().stream().map(PublishedArtifact::sha256),
                parts.roster().all().stream().map(Deployed::sha256));
        return Stream.concat(wanted, deployed).collect(Collectors.toUnmodifiableSet());
    }
}
