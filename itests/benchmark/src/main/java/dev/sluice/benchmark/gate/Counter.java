package dev.sluice.benchmark.gate;

/** Counts leases: what a route's gate could be made of. Safe to use from any thread. */
interface Counter {

    /** {@return a token that {@link #leave} wants} Counted from now on. */
    int enter();

    /** Gives a lease back. */
    void leave(int token);

    /** {@return whether none is held; right for sure only when nobody enters any more} */
    boolean isEmpty();
}
