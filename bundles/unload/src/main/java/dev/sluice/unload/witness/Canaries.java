package dev.sluice.unload.witness;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.function.Function;

/** The canaries of one unload, of which one at a time is let go and waited for. Used by one thread. */
final class Canaries {

    private final ReferenceQueue<Object> queue;
    private final Function<Canary, SoftReference<Canary>> softly;

    /** The one that nobody has let go yet. */
    private Canary kept;

    /** The one that was let go. */
    private WeakReference<Canary> gone;

    /** What holds the one that was let go, if anything does. Nobody may call {@code get}: that would prolong its life. */
    private SoftReference<Canary> holder;

    /**
     * @param first as old as what has left
     * @param queue hears when one has gone
     * @param softly holds one softly
     */
    Canaries(Canary first, ReferenceQueue<Object> queue, Function<Canary, SoftReference<Canary>> softly) {
        this.kept = first;
        this.queue = queue;
        this.softly = softly;
    }

    /** Lets go the one of a stage: the last thing that is done in it, as whatever was held for a moment before that is no evidence. */
    void letGo(Stage stage) {
        holder = null;
        if (!stage.awaitsCanary()) {
            gone = null;
            kept = stage == Stage.LEFT ? kept : null;
            return;
        }
        Canary going = kept == null ? new Canary() : kept;
        gone = going.watch(queue);
        // Made now, and so stamped later than any soft reference that was last asked before the search: the collection
        // that clears this one clears those.
        holder = stage == Stage.UNEXPLAINED ? softly.apply(going) : null;
        // The third is as old as the second: once it goes, one more collection has come by.
        kept = stage == Stage.SECOND_CANARY ? new Canary() : null;
    }

    /** {@return whether one was let go, and has been collected} */
    boolean isCollected() {
        return gone != null && gone.refersTo(null);
    }

    /** {@return whether one was let go, and is still there} */
    boolean isAwaited() {
        return gone != null && !gone.refersTo(null);
    }
}
