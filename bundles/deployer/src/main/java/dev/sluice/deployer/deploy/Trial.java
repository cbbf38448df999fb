package dev.sluice.deployer.deploy;

import dev.sluice.chain.Claim;
import dev.sluice.chain.ProbeResult;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Thrown;
import dev.sluice.deployer.explain.Unsatisfied;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.status.Entry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Start and probe of one candidate, on a thread of its own since both run code of the candidate: it may throw anything,
 * and it may hang. Whoever completes {@link #outcome} first decides: this thread with what it found, or another that gives
 * it up: the timer's at the deadline, or the deployer's when the file has changed or the deployer goes away. A thread that
 * comes too late takes its bundle away itself, because until then it holds the bundle's lock.
 */
final class Trial implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

    /** What came of it. */
    sealed interface Outcome {
        /**
         * @param ready what can be published
         * @param note why there is nothing, if a component doesn't come up from which no middleware would come
         */
        record Good(List<ProbeResult.Ready> ready, Optional<String> note) implements Outcome {}

        /** @param underWay whether its thread still runs, and takes the bundle away when it comes to an end */
        record Bad(Failure failure, boolean underWay) implements Outcome {}
    }

    private final Bundle bundle;
    private final Claim claim;
    private final Entry entry;
    private final Set<String> declared;
    private final Set<String> namesBefore;
    private final Set<String> expected;
    private final Unsatisfied unsatisfied;
    private final HealthChecks healthChecks;
    private final Consumer<Bundle> takeAway;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Thread thread;
    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.TO_COME);

    /** Set at its turn, before its thread begins. */
    private volatile Deadline deadline;

    private volatile String step = "start";

    private enum Turn {
        TO_COME,
        TAKEN,
        NOT_WANTED
    }

    Trial(
            Bundle bundle,
            Claim claim,
            Candidate candidate,
            Unsatisfied unsatisfied,
            HealthChecks healthChecks,
            Consumer<Bundle> takeAway) {
        this.bundle = bundle;
        this.claim = claim;
        this.entry = candidate.entry();
        this.declared = candidate.declaredNames();
        this.namesBefore = candidate.namesBefore();
        this.expected = Stream.concat(declared.stream(), namesBefore.stream()).collect(Collectors.toUnmodifiableSet());
        this.unsatisfied = unsatisfied;
        this.healthChecks = healthChecks;
        this.takeAway = takeAway;
        this.thread = new Thread(null, this, "sluice-start-" + candidate.file(), 0, false);
        thread.setDaemon(true);
    }

    /**
     * Starts its thread, if it wasn't given up before.
     *
     * @param until when it is to come to an end
     * @return whether its thread runs
     */
    boolean begin(Deadline until) {
        deadline = until;
        if (!turn.compareAndSet(Turn.TO_COME, Turn.TAKEN)) {
            return false;
        }
        try {
            thread.start();
            return true;
        } catch (OutOfMemoryError e) {
            // So the JVM says that it has no more threads. There is none that would take the bundle away.
            outcome.complete(bad(Failure.ofBundles("no thread could be started for it: " + e)));
            over.complete(null);
            return false;
        }
    }

    private static Outcome bad(Failure failure) {
        return new Outcome.Bad(failure, false);
    }

    @Override
    public void run() {
        try {
            tryIt();
        } finally {
            over.complete(null);
        }
    }

    private void tryIt() {
        Outcome found;
        if (outcome.isDone()) {
            takeAway.accept(bundle);
            return;
        }
        try {
            found = steps();
        } catch (Throwable thrown) { // Anything may come out of foreign code, and none of it may pass this line.
            LOG.info("{} failed at its {}: {}", bundle, step, Thrown.trace(thrown));
            found = bad(Failure.ofContent("its " + step + " threw " + Thrown.sentence(thrown)));
        }
        if (!outcome.complete(found)) {
            takeAway.accept(bundle);
        }
    }

    private Outcome steps() {
        Optional<Failure> notStarted = start();
        if (notStarted.isPresent()) {
            return bad(notStarted.get());
        }
        Outcome probed = probe();
        if (probed instanceof Outcome.Bad) {
            return probed;
        }
        Optional<Failure> ill = checkHealth();
        if (ill.isPresent()) {
            return bad(ill.get());
        }
        entry.advance(DeploymentState.STARTED, DeploymentState.PROBED);
        return probed;
    }

    private Optional<Failure> start() {
        try {
            // Persistently and eagerly: the chain tells transient stops by the one, and a lazy activator would first
            // run in
            // a request.
            bundle.start();
        } catch (BundleException e) {
            LOG.info("{} failed to start: {}", bundle, Thrown.trace(e));
            return Optional.of(Failure.ofContent("its activator threw " + Thrown.sentence(e)));
        } finally {
            started.complete(null);
        }
        step = "wait for what it is to bring";
        if (!expected.isEmpty() && !await()) {
            return Optional.of(missing());
        }
        Optional<Failure> unsatisfiedOne = awaitMiddlewareComponents();
        if (unsatisfiedOne.isPresent()) {
            return unsatisfiedOne;
        }
        entry.advance(DeploymentState.CLAIMED, DeploymentState.STARTED);
        return Optional.empty();
    }

    private boolean await() {
        try {
            claim.registered(expected).get(deadline.leftMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * What is declared nowhere is waited for too if a component is to bring it: published without it, the bundle would
     * leave open what it is to guard. One that failed to activate is left to the probe, which tries once more.
     */
    private Optional<Failure> awaitMiddlewareComponents() {
        Optional<Failure> unsatisfiedOne =
                unsatisfied.reasonOfMiddleware(bundle).filter(Trial::mayComeUp);
        try {
            while (unsatisfiedOne.isPresent() && !deadline.isOver()) {
                HealthChecks.tick(deadline);
                unsatisfiedOne = unsatisfied.reasonOfMiddleware(bundle).filter(Trial::mayComeUp);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Failure("it was interrupted", new Waits.ForDeployer()));
        }
        return unsatisfiedOne.map(reason -> new Failure(
                "a middleware of it didn't come up within " + Durations.format(deadline.limit()) + " (start.timeout): "
                        + reason.message(),
                reason.waits()));
    }

    private static boolean mayComeUp(Failure failure) {
        return !(failure.waits() instanceof Waits.ForContent);
    }

    /** {@return that what it replaces brings more than it does; empty if only what it declares itself is missing} */
    private Optional<Failure> bringsLess() {
        String names = namesBefore.stream()
                .filter(name -> !declared.contains(name)
                        && !claim.registered(Set.of(name)).isDone())
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(Failure.ofContent("the content before provides " + names
                        + ", and this one doesn't register it: it was waited for " + Durations.format(deadline.limit())
                        + " (start.timeout); to take " + names + " out of the chain delete the file first"));
    }

    private Failure missing() {
        Set<String> away = expected.stream().filter(this::isAway).collect(Collectors.toCollection(TreeSet::new));
        // None is, if the last came between the deadline and this look: it came too late, and which it was can't be
        // told.
        String names = String.join(", ", away.isEmpty() ? new TreeSet<>(expected) : away);
        String waited = " didn't come up within " + Durations.format(deadline.limit()) + " (start.timeout)";
        return unsatisfied
                .reason(bundle)
                .map(reason -> new Failure("middleware " + names + waited + ": " + reason.message(), reason.waits()))
                .or(this::bringsLess)
                .orElseGet(() -> Failure.ofContent("middleware " + names + waited
                        + ": its manifest declares it, and nothing registers it under that name"));
    }

    private boolean isAway(String name) {
        CompletableFuture<Void> registered = claim.registered(Set.of(name));
        // Cancelled if it isn't done: nobody waits for it any more.
        return registered.cancel(false);
    }

    private Optional<Failure> checkHealth() {
        step = "health check";
        try {
            return healthChecks.check(bundle, deadline).map(Failure::ofContent);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Failure("it was interrupted", new Waits.ForDeployer()));
        }
    }

    private Outcome probe() {
        step = "probe";
        List<ProbeResult> results = claim.probe();
        List<ProbeResult.Refused> refused = results.stream()
                .filter(ProbeResult.Refused.class::isInstance)
                .map(ProbeResult.Refused.class::cast)
                .toList();
        if (!refused.isEmpty()) {
            return bad(refused(refused));
        }
        Optional<Failure> without = unsatisfied.reasonOfMiddleware(bundle);
        if (without.isPresent()) {
            return bad(without.get());
        }
        Optional<String> note = results.isEmpty() ? unsatisfied.reason(bundle).map(Failure::message) : Optional.empty();
        return new Outcome.Good(
                results.stream().map(ProbeResult.Ready.class::cast).toList(), note);
    }

    private Failure refused(List<ProbeResult.Refused> refused) {
        String messages = refused.stream()
                .map(result -> "middleware " + result.name() + ": " + result.message())
                .collect(Collectors.joining("; "));
        boolean owned = refused.stream().anyMatch(result -> result.reason() == ProbeResult.Reason.NAME_OWNED);
        boolean unavailable =
                refused.stream().anyMatch(result -> result.reason() == ProbeResult.Reason.SERVICE_UNAVAILABLE);
        Optional<Failure> why = unavailable ? unsatisfied.reason(bundle) : Optional.empty();
        return why.map(reason -> new Failure(messages + ": " + reason.message(), reason.waits()))
                .orElseGet(() -> owned ? Failure.ofBundles(messages) : Failure.ofContent(messages));
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** {@return completed when its bundle has started, or failed to: from then on it only waits and looks} */
    CompletableFuture<Void> started() {
        return started;
    }

    /** {@return whether its thread waits for something, and doesn't work} */
    boolean isWaiting() {
        return thread.getState() != Thread.State.RUNNABLE;
    }

    /** {@return completed when its thread has ended: after the outcome, if it was given up} */
    CompletableFuture<Void> over() {
        return over;
    }

    /** {@return whether a call that ends the process came out of it} */
    boolean isGuiltyOf(Exit exit) {
        return exit.isBy(thread, bundle);
    }

    /** Ends it, if it hasn't ended: whatever its thread finds from now on doesn't count. */
    void giveUp(Failure failure) {
        // Asked of nothing else: from the moment its turn is taken its thread takes the bundle away.
        turn.compareAndSet(Turn.TO_COME, Turn.NOT_WANTED);
        boolean running = turn.get() == Turn.TAKEN;
        if (!running) {
            over.complete(null);
        }
        // A bundle that stops the chain or the deployer in its start gives up its own trial: that stop must go on.
        boolean itself = thread == Thread.currentThread();
        if (outcome.complete(new Outcome.Bad(failure, running)) && running && !itself) {
            thread.interrupt();
        }
    }

    /** Its time is over. */
    void timeOut() {
        if (!outcome.isDone()) {
            giveUp(Failure.ofContent(whereItHangs()));
        }
    }

    /** {@return where its thread is now; empty if it has ended} */
    List<StackTraceElement> stack() {
        return List.of(thread.getStackTrace());
    }

    private String whereItHangs() {
        String where = stack().stream()
                .filter(frame -> !frame.getClassName().startsWith("java."))
                .limit(3)
                .map(String::valueOf)
                .collect(Collectors.joining(" < "));
        return "its " + step + " hasn't come to an end within " + Durations.format(deadline.limit())
                + " (start.timeout)" + (where.isEmpty() ? "" : "; it is at " + where);
    }
}
