package dev.sluice.deployer;

/** What brought a publication about. */
public enum Cause {
    /** A file that came into the deploy folder, changed, or went. */
    FILE,
    /** An operator's word, such as a roll back. */
    OPERATOR,
    /** A rollout, which raised a version's share or took it back. */
    ROLLOUT,
    /** A trip switch that tripped. */
    TRIP,
    /** A start that found a file gone which had been there when the container stopped. */
    START
}
