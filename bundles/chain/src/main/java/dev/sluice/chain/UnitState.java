package dev.sluice.chain;

/** Where a unit stands between its registration and its release. */
public enum UnitState {
    /** Claimed: known, and in no snapshot. */
    CANDIDATE,
    /** Serves requests in the current snapshot. */
    SERVING,
    /** Healthy, and no traffic goes to it: a higher version serves. */
    STANDBY,
    /** Left the chain; requests still hold it. */
    DRAINING,
    /** Disabled by an operator's override. */
    DISABLED
}
