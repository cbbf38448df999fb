package dev.sluice.container;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Waits for the container to be ready, and says what it waits for if that takes long. */
final class StartWait {

    private final Listeners listeners;
    private final CompletableFuture<Void> bundles;
    private final Consumer<String> sayer;

    /**
     * Prepares it, before anything starts: the start of the bundles itself may be what takes long.
     *
     * @param listeners the listeners, which open when all is there
     * @param bundles completes when the container's bundles have started
     * @param sayer takes the sentence
     */
    StartWait(Listeners listeners, CompletableFuture<Void> bundles, Consumer<String> sayer) {
        this.listeners = listeners;
        this.bundles = bundles;
        this.sayer = sayer;
    }

    /**
     * Blocks until all is ready.
     *
     * @param patience after which it is said, once, what is waited for
     * @param advice where to look, depending on the listeners that aren't open
     */
    void await(Duration patience, Advice advice) throws InterruptedException {
        List<Listeners.Which> awaited = listeners.awaited(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!bundles.isDone() || !awaited.isEmpty()) {
            String labels = awaited.stream().map(Listeners.Which::label).collect(Collectors.joining(" and the "));
            String what = bundles.isDone()
                    ? "the " + labels + " listener"
                    : "the container's own bundles to start"
                            + (awaited.isEmpty() ? "" : ", and then for the " + labels + " listener");
            sayer.accept("Not ready yet: still waiting for " + what + ". Look " + advice.where(awaited));
        }
        for (Listeners.Which which : Listeners.Which.values()) {
            listeners.port(which);
        }
        bundles.join();
    }

    /** Where to look meanwhile. */
    interface Advice {
        String where(List<Listeners.Which> awaited);
    }
}
