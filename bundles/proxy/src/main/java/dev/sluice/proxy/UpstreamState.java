package dev.sluice.proxy;

/** Whether requests go to an upstream. */
public enum UpstreamState {
    /** They do. */
    IN_USE,
    /** Too many requests have failed there: none goes there until its time is up. */
    EJECTED,
    /** Its health check fails: none goes there until that succeeds. */
    UNHEALTHY
}
