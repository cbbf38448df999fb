package dev.sluice.unload;

import java.util.List;
import java.util.Optional;

/** What came of the question what holds a class loader. Has texts alone: it keeps nothing of the bundle. */
public sealed interface Explanation {

    /**
     * Something holds it.
     *
     * @param paths up to three paths, each with another cause, the shortest first
     * @param dump the file of the heap dump; empty unless it was to be kept
     */
    record Held(List<RootPath> paths, Optional<String> dump) implements Explanation {
        /** Keeps its own copy of the list. */
        public Held {
            paths = List.copyOf(paths);
        }
    }

    /**
     * No strong reference in the dump leads to it.
     *
     * @param message what that means
     * @param soft up to three paths with soft references, or with an object that waits to be finalized; empty if there is none either
     * @param dump the file of the heap dump; empty unless it was to be kept
     */
    record NotHeld(String message, List<RootPath> soft, Optional<String> dump) implements Explanation {
        /** Keeps its own copy of the list. */
        public NotHeld {
            soft = List.copyOf(soft);
        }
    }

    /** It has been collected: there is nothing to explain. */
    record Collected() implements Explanation {}

    /** No unload has this number. */
    record Unknown() implements Explanation {}

    /** Another one is being explained. */
    record Busy() implements Explanation {}

    /**
     * It couldn't be found out.
     *
     * @param reason why, and what to do about it
     */
    record Failed(String reason) implements Explanation {}
}
