package dev.sluice.deployer.rollout;

/** How a step, or the bake, ended. */
public enum StepEnd {
    /** Long enough, with enough requests, and nothing was wrong. */
    PASSED,
    /** More was wrong than is tolerated: the file is marked as failed. */
    BREACHED,
    /** An operator wanted all requests to go to it, or the bake to end. */
    PROMOTED,
    /** An operator, or a step of the deployment that couldn't be carried out, ended the rollout. */
    ABORTED,
    /** A higher version came in another file. */
    SUPERSEDED,
    /** Its file has other content now: it isn't wanted any more. */
    REPLACED
}
