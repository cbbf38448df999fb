package dev.sluice.deployer.deploy;

import dev.sluice.deployer.deploy.Trial.Outcome;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Unsatisfied;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.release.Disposal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The steps start and probe: all candidates at once, each on a thread of its own, and all until the same deadline. */
public final class Trials implements AutoCloseable {

    /** For a candidate whose own waits end at the deadline to say why, before it counts as one that hangs. */
    private static final Duration LAST_WORD = Duration.ofMillis(500);

    private record Running(Candidate candidate, Trial trial, Thread thread) {}

    private final BundleContext context;
    private final Supplier<Duration> startTimeout;
    private final LongSupplier clock;
    private final Unsatisfied unsatisfied;
    private final Disposal disposal;
    private final Set<Trial> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public Trials(
            BundleContext context,
            Supplier<Duration> startTimeout,
            LongSupplier clock,
            Unsatisfied unsatisfied,
            Disposal disposal) {
        this.context = context;
        this.startTimeout = startTimeout;
        this.clock = clock;
        this.unsatisfied = unsatisfied;
        this.disposal = disposal;
    }

    void run(List<Candidate> candidates) {
        Deadline deadline = Deadline.in(startTimeout.get(), clock);
        List<Running> running =
                candidates.stream().map(candidate -> begin(candidate, deadline)).toList();
        running.forEach(one -> end(one, deadline));
    }

    private Running begin(Candidate candidate, Deadline deadline) {
        Bundle bundle = context.getBundle(candidate.bundleId().orElseThrow());
        Trial trial = new Trial(
                bundle,
                candidate.claim().orElseThrow(),
                candidate,
                deadline,
                unsatisfied,
                new HealthChecks(context),
                late -> disposal.uninstall(late.getBundleId()));
        Thread thread = new Thread(null, trial, "sluice-start-" + candidate.file(), 0, false);
        thread.setDaemon(true);
        underWay.add(trial);
        if (closed) {
            stop(trial);
        }
        thread.start();
        return new Running(candidate, trial, thread);
    }

    private void end(Running running, Deadline deadline) {
        Candidate candidate = running.candidate();
        Outcome outcome = outcome(running, deadline);
        if (outcome instanceof Outcome.Good good) {
            candidate.probed(good.ready(), good.note());
        } else if (outcome instanceof Outcome.Bad bad) {
            candidate.failed(bad.failure());
            if (closed) {
                running.thread().interrupt();
            }
        }
        underWay.remove(running.trial());
    }

    private Outcome outcome(Running running, Deadline deadline) {
        Trial trial = running.trial();
        try {
            return trial.outcome().get(deadline.leftMillis() + LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return giveUp(running, Failure.ofContent(trial.whereItHangs(running.thread())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(running, stopping());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a trial is only completed, never failed", e);
        }
    }

    private static Outcome giveUp(Running running, Failure failure) {
        Outcome outcome = new Outcome.Bad(failure);
        if (running.trial().outcome().complete(outcome)) {
            running.candidate().abandoned();
            running.thread().interrupt();
        }
        return running.trial().outcome().join();
    }

    static Failure stopping() {
        return new Failure("the deployer is stopping", new Waits.ForDeployer());
    }

    /** {@return whether the deployer is going away} */
    public boolean isClosed() {
        return closed;
    }

    private static void stop(Trial trial) {
        trial.outcome().complete(new Outcome.Bad(stopping()));
    }

    /** Ends what is under way: the deployer is going away, and must not be waited for as long as a candidate may take. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(Trials::stop);
    }
}
