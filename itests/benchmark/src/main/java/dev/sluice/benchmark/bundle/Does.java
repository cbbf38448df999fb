package dev.sluice.benchmark.bundle;

/** What a bundle's middleware or filters do with a request. */
public enum Does {
    /** Hand it on. */
    PASS,
    /** Write the version into a header, and hand it on. */
    STAMP,
    /** Write the version into a header, and answer 403. */
    DENY
}
