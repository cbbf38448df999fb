package dev.sluice.chain.snapshot;

/**
 * Whether requests are let in. It is a part of the snapshot, so that a request is admitted and leased by one and the same
 * look at the chain.
 */
enum Admission {
    /** Not yet: what was last published isn't back. */
    NOT_OPEN,
    /** Yes. */
    OPEN,
    /** Not any more: the container stops. */
    STOPPING
}
