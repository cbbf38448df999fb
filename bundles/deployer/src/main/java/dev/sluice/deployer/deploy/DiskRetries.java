package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * When what a disk has refused is tried again: what could not be written into the ledger, and bundles for which the
 * framework's cache had no room. Nothing in the folder changes when a disk has room again, so it is looked at now and then
 * while anything waits for it. Confined to the deployer's thread, but for the timer.
 */
final class DiskRetries {

    private static final long SECONDS = 5;

    private final Parts parts;
    private final Conclusion conclusion;
    private final Retries retries;
    private final Agenda agenda;
    private final Undertakes undertakes;
    private final Consumer<Runnable> steps;
    private final Runnable proceed;
    private boolean scheduled;

    /** Puts on the agenda what is to be tried and what has gone. */
    @FunctionalInterface
    interface Undertakes {
        void undertake(List<Artifact> artifacts, Set<String> gone);
    }

    /**
     * @param undertakes puts on the agenda what is tried again
     * @param steps runs a step on the deployer's thread, soon; for any thread
     * @param proceed begins what the agenda has
     */
    DiskRetries(
            Parts parts,
            Conclusion conclusion,
            Retries retries,
            Agenda agenda,
            Undertakes undertakes,
            Consumer<Runnable> steps,
            Runnable proceed) {
        this.parts = parts;
        this.conclusion = conclusion;
        this.retries = retries;
        this.agenda = agenda;
        this.undertakes = undertakes;
        this.steps = steps;
        this.proceed = proceed;
    }

    /** Sees to it that what waits for a disk is tried again, if anything does. */
    void schedule() {
        if (scheduled
                || !(conclusion.hasLedgerFailed() || !parts.awaited().ofDisk().isEmpty())) {
            return;
        }
        scheduled = true;
        CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS, Runnable::run)
                .execute(() -> steps.accept(this::tryAgain));
    }

    private void tryAgain() {
        scheduled = false;
        try {
            if (conclusion.hasLedgerFailed() && conclusion.isLedgerBack()) {
                undertake(retries.withTheNext(), conclusion.takeOwedDepartures());
            }
            List<Artifact> again = new ArrayList<>(withRoom());
            if (!again.isEmpty()) {
                // What needs one of them, or has the content of one, failed with it.
                again.addAll(retries.withTheNext());
            }
            undertake(again, Set.of());
        } finally {
            proceed.run();
        }
    }

    /** One that is about to be tried already, or has other content, isn't tried twice. */
    private List<Artifact> withRoom() {
        return parts.awaited().ofDisk().stream()
                .filter(artifact -> !agenda.hasFile(artifact.file()))
                .filter(parts.installation()::hasRoomFor)
                .toList();
    }

    private void undertake(List<Artifact> artifacts, Set<String> gone) {
        if (!artifacts.isEmpty() || !gone.isEmpty()) {
            undertakes.undertake(artifacts, gone);
        }
    }
}
