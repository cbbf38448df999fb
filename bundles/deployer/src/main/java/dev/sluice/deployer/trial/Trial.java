package dev.sluice.deployer.trial;

import dev.sluice.chain.ProbeResult;
import dev.sluice.conf.Durations;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Thrown;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trial of one candidate, on a thread of its own since its steps run code of the candidate: it may throw anything, and
 * it may hang. Whoever completes {@link #outcome} first decides: this thread with what it found, or another that gives
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

        /** {@return that its thread has found what is wrong} */
        static Outcome bad(Failure failure) {
            return new Bad(failure, false);
        }
    }

    private final Bundle bundle;
    private final TrialSteps steps;
    private final Consumer<Bundle> takeAway;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Thread thread;
    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.TO_COME);

    /** Set at its turn, before its thread begins. */
    private volatile Deadline deadline;

    private enum Turn {
        TO_COME,
        TAKEN,
        NOT_WANTED
    }

    /** @param takeAway takes away the bundle of a trial whose thread comes too late */
    Trial(Bundle bundle, TrialSteps steps, String file, Consumer<Bundle> takeAway) {
        this.bundle = bundle;
        this.steps = steps;
        this.takeAway = takeAway;
        this.thread = new Thread(null, this, "sluice-start-" + file, 0, false);
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
            outcome.complete(Outcome.bad(Failure.ofBundles("no thread could be started for it: " + e)));
            over.complete(null);
            return false;
        }
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
            found = steps.run(deadline);
        } catch (Throwable thrown) { // Anything may come out of foreign code, and none of it may pass this line.
            LOG.info("{} failed at its {}: {}", bundle, steps.current(), Thrown.trace(thrown));
            found = Outcome.bad(Failure.ofContent("its " + steps.current() + " threw " + Thrown.sentence(thrown)));
        }
        if (!outcome.complete(found)) {
            takeAway.accept(bundle);
        }
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** {@return completed when its bundle has started, or failed to: from then on it only waits and looks} */
    CompletableFuture<Void> started() {
        return steps.started();
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
        return "its " + steps.current() + " hasn't come to an end within " + Durations.format(deadline.limit())
                + " (start.timeout)" + (where.isEmpty() ? "" : "; it is at " + where);
    }
}
