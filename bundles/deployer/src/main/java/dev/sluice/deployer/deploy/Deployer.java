package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Wishes;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.folder.Batch;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.status.Entry;
import dev.sluice.deployer.trial.BringUp;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final Stepping stepping;
    private final Succession succession;
    private final Orders orders;
    private final ReleaseGuards guards;
    private final Agenda agenda = new Agenda();
    private final Retries retries;
    private final LeakedVersions leakedVersions;
    private final DiskRetries diskRetries;
    private final RollBacks rollBacks;
    private final Pruning pruning;
    private final Duplicates duplicates;
    private final News news;
    private final Unread unread;

    /** The files that have gone, and are only called otherwise, as it seems: what they deploy stays until that has come. */
    private Set<String> owed = Set.of();

    private final List<CompletableFuture<Void>> idle = new ArrayList<>();
    private final AtomicBoolean looks = new AtomicBoolean();

    /**
     * @param lookAgain has the watch hand over a file once more, as if it were new
     * @param steps runs a step on the watch's thread, soon; for any thread
     */
    Deployer(Parts parts, Consumer<String> lookAgain, Consumer<Runnable> steps) {
        this.parts = parts;
        this.steps = steps;
        this.departures = new Departures(parts.roster(), parts.inUse(), parts.absences()::now);
        this.turnover = new Turnover(parts);
        this.failures = new Failures(parts);
        this.duplicates = new Duplicates(parts, failures, lookAgain);
        this.news = new News(parts, agenda, duplicates, failures);
        this.unread = new Unread(parts);
        this.stepping = new Stepping(parts);
        this.succession = new Succession(parts, stepping);
        this.orders = new Orders(parts, stepping, steps);
        this.guards = new ReleaseGuards(parts, this::takeBack);
        this.conclusion = new Conclusion(parts, departures, duplicates, succession, guards);
        this.retries = new Retries(parts, agenda);
        this.leakedVersions = new LeakedVersions(parts, agenda, retries, failures, again -> undertake(again, Set.of()));
        this.diskRetries = new DiskRetries(parts, conclusion, retries, agenda, this::undertake, steps, this::proceed);
        this.pruning = new Pruning(parts, duplicates, agenda, guards);
        this.rollBacks = new RollBacks(parts, agenda, duplicates, turnover, guards, lookAgain);
    }

    /** Does all that a batch asks for, or begins it. */
    void deploy(Batch batch) {
        Set<String> gone = new HashSet<>(batch.gone());
        gone.addAll(conclusion.takeOwedDepartures());
        owed.stream()
                .filter(file -> Files.notExists(parts.folder().dir().resolve(file)))
                .forEach(gone::add);
        Set<String> come = batch.accepted().stream().map(Artifact::file).collect(Collectors.toSet());
        gone.removeAll(come);
        // One that waits for its sidecar, say, takes along what serves in its place when it comes.
        owed = unread.keep(gone, come);
        gone.removeAll(owed);
        List<Artifact> toDeploy = new ArrayList<>(news.take(batch, gone));
        toDeploy.addAll(duplicates.heirs(gone, toDeploy));
        if (!gone.isEmpty() || !toDeploy.isEmpty()) {
            toDeploy.addAll(retries.withTheNext());
        }
        parts.firstStart().reserve(toDeploy);
        undertake(toDeploy, gone);
        proceed();
        if (!batch.refused().isEmpty()) {
            // One that found no room in the store is looked at again: what was in use before makes way for it.
            pruning.prune();
        }
    }

    /** Deploys earlier content in the place of what a file has; for any thread. */
    CompletableFuture<RollBack> rollBack(Artifact earlier, String operator) {
        return asked(done -> rollBacks.back(earlier, operator, done));
    }

    /** Ends a roll back; for any thread. */
    CompletableFuture<RollBack> rollForward(String file, String operator) {
        return asked(done -> rollBacks.forward(file, operator, done));
    }

    Orders orders() {
        return orders;
    }

    /** Has rollouts go on; for any thread. While the last look is still to come, as the thread is busy, that is enough. */
    void look() {
        if (!looks.getAndSet(true)) {
            steps.accept(() -> {
                looks.set(false);
                parts.lately().look();
                stepping.tick();
                duplicates.look();
                guards.tick();
                if (leakedVersions.look()) {
                    proceed();
                }
            });
        }
    }

    private Optional<CompletableFuture<RollBack>> takeBack(Artifact earlier, String reason, Cause cause) {
        Optional<CompletableFuture<RollBack>> done = rollBacks.takeBack(earlier, reason, cause);
        proceed();
        return done;
    }

    private CompletableFuture<RollBack> asked(Consumer<CompletableFuture<RollBack>> what) {
        CompletableFuture<RollBack> done = parts.wishes().open();
        steps.accept(() -> {
            try {
                what.accept(done);
                proceed();
            } catch (RuntimeException e) {
                done.complete(new RollBack(RollBack.Outcome.FAILED, "it ended with " + e + "; see the log"));
                throw e;
            }
        });
        return done;
    }

    /** One in whose trial the process has died is tried apart from the others: if it does again, that one is guilty. */
    private void undertake(List<Artifact> toDeploy, Set<String> gone) {
        Map<Boolean, List<Artifact>> suspected = toDeploy.stream()
                .collect(Collectors.partitioningBy(artifact -> parts.trialLog().suspects(artifact.sha256())));
        agenda.add(new Undertaking(suspected.get(false), gone, parts.roster()::of));
        suspected.get(true).forEach(artifact -> {
            Undertaking alone = new Undertaking(List.of(artifact), Set.of(), parts.roster()::of);
            alone.oneAtATime("suspects");
            agenda.add(alone);
        });
    }

    /** A file isn't to be deployed for now, whatever its content waited for before. */
    void hold(String file) {
        news.forget(file);
    }

    /** {@return the files whose content was let in, and isn't deployed: it may be some day, with no other look at it} */
    Set<String> waiting() {
        Stream<Artifact> failed = parts.awaited().all().stream().filter(artifact -> !isLost(artifact));
        return Stream.concat(failed, duplicates.all().stream())
                .map(Artifact::file)
                .filter(file -> !agenda.hasFile(file))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What was published last comes back as soon as it can. */
    private boolean isLost(Artifact artifact) {
        return parts.roster()
                .find(artifact.file())
                .filter(deployed -> deployed.isLost() && deployed.sha256().equals(artifact.sha256()))
                .isPresent();
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
        orders.close();
    }

    private void proceed() {
        try {
            for (Optional<Undertaking> next = agenda.next(); next.isPresent(); next = agenda.next()) {
                begin(next.get());
            }
        } finally {
            // Whatever happens to one of them: nothing else may come that would look at the disk again.
            diskRetries.schedule();
        }
        if (agenda.isIdle()) {
            idle.forEach(done -> done.complete(null));
            idle.clear();
        }
    }

    private void begin(Undertaking undertaking) {
        Set<String> gone = undertaking.gone();
        undertaking
                .artifacts()
                .forEach(artifact ->
                        succession.revert(artifact, undertaking.motive().cause()));
        BatchPlan plan = BatchPlan.of(duplicates.withoutThoseBeside(undertaking.artifacts(), gone), gone, standing());
        plan.unchanged().forEach(artifact -> turnover.asItWas(artifact, undertaking.motive()));
        plan.clashes().forEach((artifact, message) -> failures.fail(artifact, Failure.ofBundles(message)));
        plan.duplicates().stream()
                .filter(duplicate -> !parts.wishes().refused(duplicate.artifact(), isThereAlready(duplicate)))
                .forEach(duplicate -> duplicates.found(duplicate, undertaking));
        BringUp bringUp = new BringUp(parts.installation(), parts.trials(), new Around(undertaking), candidates(plan));
        undertaking.begun(bringUp, retries.publishes());
        advance(undertaking, bringUp);
    }

    private static String isThereAlready(BatchPlan.Duplicate duplicate) {
        return Wishes.title(duplicate.artifact()) + " is deployed from " + duplicate.twin() + ": delete "
                + duplicate.artifact().file() + " to have it serve alone";
    }

    /** {@return what is to be tried; of the rest it is told why not} */
    private List<Artifact> candidates(BatchPlan plan) {
        List<Artifact> candidates = withoutCondemned(plan);
        candidates.removeIf(artifact -> {
            Optional<Failure> why = leakedVersions.against(artifact);
            why.ifPresent(failure -> failures.fail(artifact, failure));
            return why.isPresent();
        });
        return candidates;
    }

    private List<Artifact> withoutCondemned(BatchPlan plan) {
        List<Artifact> candidates = new ArrayList<>(plan.candidates());
        candidates.removeIf(artifact -> {
            Optional<String> why = parts.trialLog().condemns(artifact.sha256(), artifact.file());
            why.ifPresent(reason -> {
                failures.condemn(artifact, reason);
                duplicates.condemned(artifact);
            });
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
        undertaking.artifacts().forEach(artifact -> parts.wishes().superseded(artifact.file()));
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
        List<Artifact> orphans = duplicates.settle(undertaking, result, standing());
        if (!orphans.isEmpty()) {
            agenda.add(new Undertaking(orphans, Set.of(), parts.roster()::of));
        }
        if (conclusion.publish(result.good(), gone, undertaking.motive())) {
            retries.published();
        }
        agenda.done(undertaking);
        retries.ended(undertaking, isLate);
        retries.due().ifPresent(agenda::add);
        pruning.prune();
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
            return parts.wishes().entry(artifact).orElseGet(() -> parts.attempts()
                    .at(artifact.file()));
        }

        @Override
        public Entry memberEntry(Artifact member) {
            Entry entry = parts.board().add(member.file());
            entry.identified(member);
            return entry;
        }

        @Override
        public Set<Long> leaving(Set<String> files) {
            Set<Artifact> comes = undertaking.artifacts().stream()
                    .filter(artifact -> files.contains(artifact.file()))
                    .collect(Collectors.toSet());
            return departures.bundlesLeaving(comes, duplicates.with(undertaking), undertaking.gone());
        }

        @Override
        public Set<String> namesBefore(Artifact bundle, Artifact whole) {
            return departures.namesLeaving(bundle, whole, duplicates.with(undertaking));
        }

        @Override
        public Map<Long, String> undecided() {
            return agenda.undecided(undertaking);
        }
    }

    /** What somebody has taken away doesn't stand: the same content, put there again, brings it back. */
    private List<PublishedArtifact> standing() {
        Predicate<Deployed> isAway = parts.roster().orAPart(parts.absences().now());
        return parts.roster().all().stream()
                .filter(deployed -> !deployed.isLost() && !isAway.test(deployed))
                .filter(deployed -> !parts.rollouts().isBeside(deployed.file()))
                .map(Deployed::artifact)
                .toList();
    }
}
