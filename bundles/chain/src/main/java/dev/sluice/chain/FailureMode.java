package dev.sluice.chain;

/** What happens to requests when a middleware throws or is missing. */
public enum FailureMode {
    /** They are answered with an error: nothing slips by. The default. */
    CLOSED,
    /** They go on without it. */
    OPEN
}
