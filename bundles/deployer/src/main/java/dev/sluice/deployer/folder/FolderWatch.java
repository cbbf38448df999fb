package dev.sluice.deployer.folder;

import dev.sluice.deployer.integrity.Inspection;
import dev.sluice.deployer.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the deploy folder on one thread, {@code sluice-deployer}, by events and by a slow scan, and hands over what has
 * settled in it.
 *
 * <p>That thread alone reads the folder and calls the listener. Others leave word in the mailbox and wake it: also the
 * steps of a deployment that go on when its trials are over, so that all that changes anything happens on one thread.
 */
public final class FolderWatch implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    /** Files that have changed for so many settle windows, and a removal window, a requested scan doesn't wait for. */
    private static final int SCAN_PATIENCE = 20;

    private record Request(CompletableFuture<Void> done, long since) {}

    private final DeployFolder folder;
    private final Intake intake;
    private final Supplier<WatchSettings> settings;
    private final Map<String, String> known;
    private final Mailbox mailbox = new Mailbox();

    /** Scans that were asked for. Of the watch's thread. */
    private final List<Request> requests = new ArrayList<>();

    private volatile Thread thread;
    private volatile Optional<FolderEvents> events = Optional.empty();

    /**
     * @param folder the folder
     * @param store takes the private copies
     * @param inspection decides about them
     * @param settings asked at each turn, so that a changed configuration counts at once
     * @param known what is deployed already: the digest of each file's content. A file with the same content is not handed
     *     over again; one that isn't there is gone
     */
    public FolderWatch(
            DeployFolder folder,
            Store store,
            Inspection inspection,
            Supplier<WatchSettings> settings,
            Map<String, String> known) {
        this.folder = folder;
        this.intake = new Intake(store, inspection, () -> mailbox.step(() -> {}));
        this.settings = settings;
        this.known = Map.copyOf(known);
    }

    /**
     * Starts the watch. The first scan begins at once.
     *
     * @param listener called on the watch's thread only
     * @throws IllegalStateException if it was started before
     */
    public synchronized void start(BatchListener listener) {
        if (thread != null) {
            throw new IllegalStateException("The watch of " + folder.dir() + " was started already");
        }
        events = newEvents();
        events.ifPresent(FolderEvents::start);
        Reconciliation reconciliation =
                new Reconciliation(folder, intake, settings, known, listener, System::nanoTime, Instant::now);
        thread = new Thread(null, () -> run(reconciliation), "sluice-deployer", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    private Optional<FolderEvents> newEvents() {
        try {
            return Optional.of(new FolderEvents(folder.dir(), mailbox));
        } catch (IOException e) {
            LOG.warn(
                    "No file system events ({}): changes in {} are noticed by the slow scan only",
                    e.toString(),
                    folder.dir());
            return Optional.empty();
        }
    }

    private void run(Reconciliation reconciliation) {
        long wait = 0;
        while (!mailbox.isClosed()) {
            Changes changes = mailbox.await(Mailbox.bounded(wait));
            changes.asked().forEach(done -> requests.add(new Request(done, System.nanoTime())));
            changes.steps().forEach(this::step);
            if (!mailbox.isClosed()) {
                wait = turn(reconciliation, changes);
            }
        }
        reconciliation.close();
        requests.forEach(request -> request.done().cancel(false));
    }

    private void step(Runnable step) {
        if (mailbox.isClosed()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A step on the deploy folder's watch failed; the watch goes on", e);
        }
    }

    private long turn(Reconciliation reconciliation, Changes changes) {
        try {
            // Followed first, compared then: what happens in between is heard.
            boolean missed = events.map(FolderEvents::follow).orElse(false);
            long wait = reconciliation.turn(missed ? changes.andEverything() : changes);
            answer(reconciliation);
            return wait;
        } catch (RuntimeException | Error e) {
            // A fault of ours, or of the listener. The watch must outlive it, or no later deployment would be seen.
            LOG.error("A turn of the deploy folder's watch failed; the next scan goes on", e);
            return settings.get().scanInterval().toNanos();
        }
    }

    private void answer(Reconciliation reconciliation) {
        WatchSettings now = settings.get();
        Duration patience = now.settleWindow().multipliedBy(SCAN_PATIENCE).plus(now.removalWindow());
        boolean handedOver = reconciliation.hasHandedOver(patience);
        boolean missing = reconciliation.isMissing();
        requests.forEach(request -> {
            // What is missing stays so for as long as the folder can't be listed.
            if (handedOver && (!missing || System.nanoTime() - request.since() > patience.toNanos())) {
                request.done().complete(null);
            }
        });
        requests.removeIf(request -> request.done().isDone());
    }

    /**
     * Compares the whole folder now.
     *
     * @return completed when everything that was there has been handed over (the listener has returned), is known as
     *     incomplete, or goes on changing; also if the folder is unavailable. Cancelled if the watch is closed first
     */
    public CompletableFuture<Void> scanNow() {
        return mailbox.ask();
    }

    /**
     * Forgets what was handed over from a file, and looks at it anew: what is there is handed over even if its content is
     * the same. Safe for any thread; returns at once.
     *
     * @param file its name in the folder
     */
    public void forget(String file) {
        mailbox.forget(file);
    }

    /**
     * Runs something on the watch's thread, soon: after what was left there before, and before what settles next. Not run if
     * the watch is closed first. Safe for any thread; returns at once.
     *
     * @param step what to run; it must not wait
     */
    public void execute(Runnable step) {
        mailbox.step(step);
    }

    /** Stops watching. A batch that is being handled is waited for, unless it is the listener that closes. */
    @Override
    public void close() {
        mailbox.close();
        events.ifPresent(FolderWatch::closeQuietly);
        Thread running = thread;
        if (running != null && running != Thread.currentThread()) {
            boolean interrupted = false;
            while (running.isAlive()) {
                try {
                    running.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        mailbox.await(0).asked().forEach(done -> done.cancel(false));
    }

    private static void closeQuietly(FolderEvents events) {
        try {
            events.close();
        } catch (IOException e) {
            LOG.debug("The watch service didn't close", e);
        }
    }
}
