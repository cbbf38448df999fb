package dev.sluice.deployer.leaving;

import dev.sluice.chain.OpenRequests;
import dev.sluice.deployer.ReleasedView;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.Released;
import dev.sluice.unload.Departure;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Unloads;
import dev.sluice.unload.Verdict;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step: says what leaves, and writes the verdict on it into the ledger. Those who judge may be away; then bundles leave
 * without a verdict. Safe for any thread: who judges now is one reference, what is awaited guards itself, and the ledger is
 * written on a thread of this, so that neither the deployer nor who brings a verdict waits for a disk.
 */
public final class Witness implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);
    private static final long PATIENCE_SECONDS = 2;
    private static final int MOST_REQUESTS = 10;

    private record Judge(Unloads unloads, AutoCloseable listening) {}

    private final Ledger ledger;
    private final Clock clock;
    private final AwaitedVerdicts awaited = new AwaitedVerdicts();
    private final ExecutorService notes = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(null, task, "sluice-verdicts", 0, false);
        thread.setDaemon(true);
        return thread;
    });

    /** Null while nobody judges. */
    private volatile Judge judge;

    /** Whether the last note didn't reach the ledger. For the thread that writes. */
    private boolean isLost;

    public Witness(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** From now on these judge. What they know already of bundles that left before is written down. */
    public synchronized void judgedBy(Unloads unloads) {
        if (judge != null && judge.unloads() != unloads) {
            // These come before the others say that they go.
            judgedNoMoreBy(judge.unloads());
        }
        endListening();
        judge = new Judge(unloads, unloads.listen(this::heard));
        later(() -> catchUp(unloads));
    }

    /** These judge no more, and with them goes what they knew: on what they were to judge there will be no verdict. */
    public synchronized void judgedNoMoreBy(Unloads unloads) {
        if (judge != null && judge.unloads() == unloads) {
            endListening();
            awaited.forgetThoseTold();
        }
    }

    private void endListening() {
        Judge before = judge;
        judge = null;
        if (before != null) {
            try {
                before.listening().close();
            } catch (Exception e) {
                LOG.debug("The verdicts that were listened to have gone", e);
            }
        }
    }

    /** {@return what those who judge say; empty while nobody does} */
    public <T> Optional<T> ask(Function<Unloads, T> question) {
        return ask(judge, question);
    }

    private static <T> Optional<T> ask(Judge now, Function<Unloads, T> question) {
        if (now == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(now.unloads()));
        } catch (RuntimeException | LinkageError e) {
            // It may just be going.
            LOG.debug("Who judges what has left can't be asked", e);
            return Optional.empty();
        }
    }

    /** A bundle's units have left the chain. From now on the history says that there is no verdict yet. */
    void goes(Leaver leaver) {
        if (judge != null && leaver.publication().isPresent()) {
            long number = leaver.publication().getAsLong();
            Departure departure = leaver.departure();
            awaited.put(leaver.bundleId(), number, departure.file(), departure.sha256());
            later(() -> note(number, Released.pending(departure.file(), departure.sha256())));
        }
    }

    /** A bundle is about to be stopped and uninstalled. */
    void leaving(long bundleId, Departure departure) {
        Judge told = judge;
        long last = ask(told, unloads -> unloads.leaving(bundleId, departure)).orElse(0L);
        synchronized (this) {
            // Others count anew. If they come only after this, it is forgotten that this was told.
            awaited.told(bundleId, judge == told ? last : 0);
        }
    }

    /** A bundle is about to be stopped, and may come back. */
    void mayLeave(long bundleId, Departure departure) {
        ask(unloads -> unloads.leaving(bundleId, departure));
    }

    /** The requests that are in a bundle that was stopped: it may leave before they are over, whoever takes it away. */
    void requestsIn(long bundleId, OpenRequests open) {
        if (!open.over().isDone()) {
            // Those who were told are told of the end too, as the deployer may be gone by then.
            ask(unloads -> unloads.requestsIn(bundleId, texts(open)))
                    .ifPresent(over -> open.over().whenComplete((none, thrown) -> over.run()));
        }
    }

    private List<String> texts(OpenRequests open) {
        Instant now = clock.instant();
        List<String> told = open.requests().stream()
                .limit(MOST_REQUESTS)
                .map(request ->
                        request.line() + ", since " + now.minus(request.age()).truncatedTo(ChronoUnit.SECONDS))
                .collect(Collectors.toCollection(ArrayList::new));
        if (open.count() > told.size()) {
            told.add("and " + (open.count() - told.size()) + " more");
        } else if (told.isEmpty()) {
            told.add("one that has only just come");
        }
        return told;
    }

    private void heard(UnloadView view) {
        if (isVerdict(view.verdict())) {
            later(() -> judged(view));
        }
    }

    private static boolean isVerdict(Verdict verdict) {
        return verdict == Verdict.COLLECTED || verdict == Verdict.LEAKED;
    }

    private void judged(UnloadView view) {
        awaited.judged(view)
                .ifPresent(one -> note(
                        one.publication(),
                        new Released(
                                one.file(),
                                one.sha256(),
                                view.verdict(),
                                view.took().map(took -> took.toMillis()).orElse(0L),
                                Words.heldBy(view.culprits()))));
    }

    /** The deployer may have been away, and who judges not: what left before is in the ledger, without a verdict. */
    private void catchUp(Unloads unloads) {
        for (UnloadView view : unloads.view()) {
            view.departure().ifPresent(departure -> {
                awaited.adopt(view, departure, ledger.history().publications());
                if (isVerdict(view.verdict())) {
                    judged(view);
                }
            });
        }
    }

    private void later(Runnable task) {
        try {
            notes.execute(() -> contained(task));
        } catch (RejectedExecutionException e) {
            // The deployer goes away: its next run catches up.
            LOG.debug("A verdict came too late", e);
        }
    }

    private static void contained(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("A verdict isn't written down", e);
        }
    }

    private void note(long number, Released released) {
        try {
            ledger.note(new LedgerRecord.Witnessed(clock.instant(), number, released));
            isLost = false;
        } catch (IOException e) {
            // Once for many: a disk that is full has enough to do with the log.
            if (!isLost) {
                LOG.warn(
                        "What became of {} won't be in the history, as the ledger can't be written: {}",
                        released.file(),
                        e.toString());
            }
            isLost = true;
        }
    }

    /** {@return what the history tells of a bundle that went with a publication} */
    public ReleasedView view(long publication, Released released) {
        boolean isOpen = awaited.has(publication, released);
        return Words.view(released, isOpen);
    }

    /** Ends it, and writes down what was heard until now. */
    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            endListening();
        }
        notes.shutdown();
        notes.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
