package dev.sluice.unload.explain;

import dev.sluice.unload.Culprit;

/** Hears what heap dumps prove: a service within this bundle. Safe to call from any thread. */
public interface Evidence {

    /**
     * Strong references lead to a class loader.
     *
     * @param number the unload's number
     * @param nanos when the dump was begun, by {@link System#nanoTime}
     * @param culprit what they start from
     */
    void held(long number, long nanos, Culprit culprit);
}
