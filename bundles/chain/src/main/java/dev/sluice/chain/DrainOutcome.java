package dev.sluice.chain;

import java.time.Duration;

/**
 * How a drain ended.
 *
 * @param leasesLeft the number of requests that still held a unit at the deadline; 0 if it is drained
 * @param waited how long it took, on the monotonic clock
 */
public record DrainOutcome(long leasesLeft, Duration waited) {

    /** {@return whether no request holds a unit of the bundle any more} */
    public boolean drained() {
        return leasesLeft == 0;
    }
}
