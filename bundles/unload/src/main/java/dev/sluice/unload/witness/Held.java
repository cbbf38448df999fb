package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;

/**
 * Strong references lead to a class loader, by a heap dump.
 *
 * @param number the unload's number
 * @param nanos when the dump was begun, by the clock that measures
 * @param culprit what they start from, in texts
 */
record Held(long number, long nanos, Culprit culprit) {}
