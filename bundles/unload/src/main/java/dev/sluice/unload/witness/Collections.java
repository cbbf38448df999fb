package dev.sluice.unload.witness;

/** Asks the JVM for collections that take class loaders. Used by one thread. */
interface Collections {

    /** Begins to ask; may last until a collection is over. */
    void begin();

    /** Stops asking. Does nothing if it hasn't begun. */
    void end();

    /** {@return how many collections there were, of whatever sort} */
    long count();

    /** {@return those of this JVM} */
    static Collections ofThisJvm() {
        return PeriodicCollections.ofThisJvm().orElseGet(ExplicitCollections::new);
    }
}
