package dev.sluice.chain;

/** Where a unit stands between its registration and its release. */
public enum UnitState {
    /** Claimed: known, and in no snapshot. */
    CANDIDATE,
    /** Serves requests in the current snapshot. */
    SERVING,
    /** Healthy, and no traffic goes to it: a higher version serves. */
    STANDBY,
    /**
     * Its own failures passed the limit. A standby serves instead, until the unit is reset; or, if its place is guarded
     * without one, the place answers at once, but for the few requests that probe whether it has recovered.
     */
    TRIPPED,
    /** Left the chain; requests still hold it. */
    DRAINING,
    /** Disabled by an operator's override. */
    DISABLED
}
