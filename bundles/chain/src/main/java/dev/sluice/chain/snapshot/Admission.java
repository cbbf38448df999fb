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
    /** Yes, but the container is about to stop: connections are closed with their answers, so that clients go elsewhere. */
    CLOSING,
    /** Not any more: the container stops. */
    STOPPING
}
