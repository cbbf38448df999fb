package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.Bounded;
import dev.sluice.chain.snapshot.Chain;
import java.time.Duration;

/** What operators have configured for the chain, as it is now. */
final class Settings {

    private volatile Ownership ownership;
    private volatile Duration inplaceDrainTimeout;

    Settings(Ownership ownership, Duration inplaceDrainTimeout) {
        this.ownership = ownership;
        this.inplaceDrainTimeout = inplaceDrainTimeout;
    }

    void set(Ownership ownership, Duration inplaceDrainTimeout) {
        this.ownership = ownership;
        this.inplaceDrainTimeout = inplaceDrainTimeout;
    }

    Ownership ownership() {
        return ownership;
    }

    /** Blocks until no request holds a unit of the bundle that has left, or until the deadline for changes in place. */
    void awaitDrain(Chain chain, long bundleId) {
        chain.awaitDrain(bundleId, inplaceDrainTimeout);
    }

    /** Lets no request in any more, and blocks until all are complete, or until the deadline for changes in place. */
    void awaitRefused(Chain chain) {
        if (!Bounded.await(chain.refuse(), inplaceDrainTimeout)) {
            chain.giveUp();
        }
    }
}
