package dev.sluice.deployer.deploy;

import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Unsatisfied;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.ledger.TrialLog;
import dev.sluice.deployer.release.Disposal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * The steps start and probe: each candidate on a thread of its own, and those that begin together all until the same
 * deadline. Nobody waits for them: who began them is told when all have an outcome. Safe for any thread.
 */
public final class Trials implements AutoCloseable {

    /** For a candidate whose own waits end at the deadline to say why, before it counts as one that hangs. */
    private static final Duration LAST_WORD = Duration.ofMillis(500);

    private final BundleContext context;
    private final Supplier<Duration> startTimeout;
    private final LongSupplier clock;
    private final Unsatisfied unsatisfied;
    private final Disposal disposal;
    private final TrialLog log;

    /** Those whose thread hasn't ended, with the digests of their contents. */
    private final Map<Trial, String> running = new ConcurrentHashMap<>();

    private volatile boolean closed;

    public Trials(
            BundleContext context,
            Supplier<Duration> startTimeout,
            LongSupplier clock,
            Unsatisfied unsatisfied,
            Disposal disposal,
            TrialLog log) {
        this.context = context;
        this.startTimeout = startTimeout;
        this.clock = clock;
        this.unsatisfied = unsatisfied;
        this.disposal = disposal;
        this.log = log;
    }

    /**
     * Begins the trials of some candidates.
     *
     * @return completes, on any thread, when each of them has an outcome for {@link Candidate#endTrial}
     */
    CompletableFuture<Void> begin(List<Candidate> candidates) {
        Deadline deadline = Deadline.in(startTimeout.get(), clock);
        return CompletableFuture.allOf(candidates.stream()
                .map(candidate -> begin(candidate, deadline).outcome())
                .toArray(CompletableFuture<?>[]::new));
    }

    private Trial begin(Candidate candidate, Deadline deadline) {
        Bundle bundle = context.getBundle(candidate.bundleId().orElseThrow());
        Trial trial = new Trial(
                bundle,
                candidate.claim().orElseThrow(),
                candidate,
                deadline,
                unsatisfied,
                new HealthChecks(context),
                late -> disposal.uninstall(late.getBundleId()));
        candidate.tried(trial);
        String sha256 = candidate.artifact().sha256();
        log.began(sha256);
        running.put(trial, sha256);
        trial.over().thenRun(() -> {
            // Not if it was taken out already, because what it does ends the process.
            if (running.remove(trial) != null) {
                log.ended(sha256);
            }
        });
        limit(trial, deadline);
        // Added before, asked now: who closes either sees it or is seen.
        if (closed) {
            trial.giveUp(stopping());
        } else {
            trial.begin();
        }
        return trial;
    }

    /** By a timer of the JDK, which forgets of it when the trial is over: a task that is left would hold the bundle. */
    private static void limit(Trial trial, Deadline deadline) {
        CompletableFuture<Void> over = new CompletableFuture<Void>()
                .completeOnTimeout(null, deadline.leftMillis() + LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
        over.thenRun(trial::timeOut);
        trial.outcome().whenComplete((outcome, never) -> over.cancel(false));
    }

    static Failure stopping() {
        return new Failure("the deployer is stopping", new Waits.ForDeployer());
    }

    static Failure superseded() {
        return new Failure("its file has changed meanwhile", new Waits.ForDeployer());
    }

    /** {@return whether the deployer is going away} */
    public boolean isClosed() {
        return closed;
    }

    /** Ends what is under way: the deployer is going away, and must not be waited for as long as a candidate may take. */
    @Override
    public void close() {
        closed = true;
        Optional<Exit> exit = running.isEmpty() ? Optional.empty() : Exit.underWay();
        exit.ifPresentOrElse(this::blame, () -> running.values().forEach(log::ended));
        running.keySet().forEach(trial -> trial.giveUp(stopping()));
    }

    /** If none of them is guilty as far as can be seen, each may be: what is written down of them stays. */
    private void blame(Exit exit) {
        List<Trial> guilty = running.keySet().stream()
                .filter(trial -> trial.isGuiltyOf(exit))
                .toList();
        if (guilty.isEmpty()) {
            return;
        }
        guilty.forEach(trial -> log.exits(running.remove(trial), exit.where()));
        guilty.forEach(trial -> trial.giveUp(stopping()));
        running.values().forEach(log::ended);
    }
}
