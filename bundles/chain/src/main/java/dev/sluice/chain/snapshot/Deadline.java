package dev.sluice.chain.snapshot;

/**
 * How long a place's unit may have a request, its own time alone: the clock stands while the rest of the chain has it.
 *
 * @param limiters the clock and the timer
 * @param nanos how long
 * @param interrupt whether the thread that is stuck in it then is interrupted
 */
record Deadline(Limiters limiters, long nanos, boolean interrupt) {}
