package dev.sluice.deployer.integrity;

/** What is asked of a sidecar. */
public enum Presence {
    /** Nothing: it isn't looked at. */
    OFF,
    /** It must be right if it is there. */
    IF_PRESENT,
    /** It must be there, and right. */
    REQUIRED
}
