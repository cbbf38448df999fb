package dev.sluice.unload.culprit;

import dev.sluice.unload.Culprit;
import java.util.Optional;

/**
 * A culprit, and how it is got rid of where that is safe.
 *
 * @param culprit what holds the class loader
 * @param cleaning how to clean up; empty where that isn't safe. Holds what the culprit holds: for the stack alone
 */
public record Finding(Culprit culprit, Optional<Cleaning> cleaning) {

    /** Cleans up after a bundle. Has a deadline, and a thread that nothing else waits for: it may come to the bundle's code. */
    @FunctionalInterface
    public interface Cleaning {

        /**
         * Does it.
         *
         * @return what was done, for the log: a sentence without a full stop, that names the fault in the middleware
         * @throws Exception if it couldn't be done
         */
        String clean() throws Exception;
    }

    /** {@return a culprit that nothing can be done about from outside} */
    public static Finding only(Culprit culprit) {
        return new Finding(culprit, Optional.empty());
    }

    /** {@return a culprit, and what gets rid of it} */
    public static Finding of(Culprit culprit, Cleaning cleaning) {
        return new Finding(culprit, Optional.of(cleaning));
    }
}
