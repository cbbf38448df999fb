package dev.sluice.unload.witness;

import java.util.Optional;

/** Asks the JVM for collections that take class loaders. Used by one thread. */
interface Collections {

    /** Begins to ask; may last until a collection is over. */
    void begin();

    /** Stops asking. Does nothing if it hasn't begun. */
    void end();

    /** {@return how many collections there were, of whatever sort} */
    long count();

    /** {@return why none that it asks for takes class loaders, in a sentence that says what to do; empty if they do} */
    default Optional<String> hindered() {
        return Optional.empty();
    }

    /** {@return those of this JVM} */
    static Collections ofThisJvm() {
        return HinderedCollections.ofThisJvm()
                .or(PeriodicCollections::ofThisJvm)
                .orElseGet(ExplicitCollections::new);
    }
}
