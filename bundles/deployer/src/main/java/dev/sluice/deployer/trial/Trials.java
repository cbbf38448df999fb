package dev.sluice.deployer.trial;

import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Unsatisfied;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.leaving.Disposal;
import dev.sluice.deployer.ledger.TrialLog;
import dev.sluice.unload.Departure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * The steps start and probe: each candidate on a thread of its own, until a deadline that counts from its turn. Only so
 * many start at the same time as the machine can serve: else the innocent among many would run into their deadlines. What
 * has started, or waits in its start, takes no turn from others, as it may wait for just these. Nobody waits for trials:
 * who began them is told when all have an outcome. Safe for any thread.
 */
public final class Trials implements AutoCloseable {

    /** For a candidate whose own waits end at the deadline to say why, before it counts as one that hangs. */
    private static final Duration LAST_WORD = Duration.ofMillis(500);

    /** How often it is asked whether a start works or waits. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Turns turns = new Turns(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    private final BundleContext context;
    private final Supplier<Duration> startTimeout;
    private final Timer timer;
    private final Unsatisfied unsatisfied;
    private final Disposal disposal;
    private final TrialLog log;

    /** Those whose thread hasn't ended, with the digests of their contents. */
    private final Map<Trial, String> running = new ConcurrentHashMap<>();

    private volatile boolean closed;

    public Trials(
            BundleContext context,
            Supplier<Duration> startTimeout,
            Timer timer,
            Unsatisfied unsatisfied,
            Disposal disposal,
            TrialLog log) {
        this.context = context;
        this.startTimeout = startTimeout;
        this.timer = timer;
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
        return CompletableFuture.allOf(
                candidates.stream().map(candidate -> begin(candidate).outcome()).toArray(CompletableFuture<?>[]::new));
    }

    private Trial begin(Candidate candidate) {
        Bundle bundle = context.getBundle(candidate.bundleId().orElseThrow());
        Departure departure = candidate.departure();
        Trial trial = new Trial(
                bundle,
                new TrialSteps(bundle, candidate, unsatisfied, new HealthChecks(context)),
                candidate.file(),
                late -> disposal.uninstall(late.getBundleId(), departure));
        candidate.tried(trial);
        // Of a release nobody can tell which of its bundles ended the process: all of it isn't tried again.
        String sha256 = candidate.whole().artifact().sha256();
        String file = candidate.whole().file();
        turns.queue(() -> takeTurn(trial, sha256, file));
        return trial;
    }

    /** {@return whether the trial has begun; not if it was given up while it waited} */
    private boolean takeTurn(Trial trial, String sha256, String file) {
        if (closed) {
            trial.giveUp(stopping());
        }
        if (trial.outcome().isDone()) {
            return false;
        }
        running.put(trial, sha256);
        log.began(sha256, file);
        trial.over().thenRun(() -> {
            // Not if it was taken out already, because what it does ends the process.
            if (running.remove(trial) != null && !running.containsValue(sha256)) {
                log.ended(sha256);
            }
        });
        Deadline deadline = Deadline.in(startTimeout.get(), timer);
        // Added before, asked now: who closes either sees it or is seen.
        if (closed) {
            trial.giveUp(stopping());
        }
        if (!trial.begin(deadline)) {
            return false;
        }
        limit(trial, deadline);
        CompletableFuture<Void> turn = new CompletableFuture<>();
        turn.thenRun(turns::giveBack);
        trial.started().thenRun(() -> turn.complete(null));
        trial.outcome().whenComplete((outcome, never) -> turn.complete(null));
        look(trial, turn);
        return true;
    }

    /** Takes the turn from one that waits in its start. */
    private void look(Trial trial, CompletableFuture<Void> turn) {
        CompletableFuture<Void> look = timer.after(LOOK);
        look.thenRun(() -> {
            if (trial.isWaiting()) {
                turn.complete(null);
            } else {
                look(trial, turn);
            }
        });
        turn.thenRun(() -> look.cancel(false));
    }

    /** The timer forgets of it when the trial is over: a task that is left would hold the bundle. */
    private void limit(Trial trial, Deadline deadline) {
        CompletableFuture<Void> over = timer.after(deadline.left().plus(LAST_WORD));
        over.thenRun(trial::timeOut);
        trial.outcome().whenComplete((outcome, never) -> over.cancel(false));
    }

    public static Failure stopping() {
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
