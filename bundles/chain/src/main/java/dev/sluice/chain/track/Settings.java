package dev.sluice.chain.track;

import dev.sluice.chain.conf.Configured;
import dev.sluice.chain.conf.Ownership;
import dev.sluice.chain.snapshot.Bounded;
import dev.sluice.chain.snapshot.Chain;
import java.time.Duration;

/** What operators have configured for the chain, as it is now. */
final class Settings {

    private volatile Configured now;

    Settings(Configured first) {
        this.now = first;
    }

    Configured now() {
        return now;
    }

    void set(Configured next) {
        this.now = next;
    }

    Ownership ownership() {
        return now.ownership();
    }

    Duration overrideSettle() {
        return now.overrideSettle();
    }

    Duration holdTimeout() {
        return now.holdTimeout();
    }

    Duration longestHold() {
        return now.longestHold();
    }

    /** Blocks until no request holds a unit of the bundle that has left, or until the deadline for changes in place. */
    void awaitDrain(Chain chain, long bundleId) {
        chain.drains().await(bundleId, now.inplaceDrainTimeout());
    }

    /** Lets no request in any more, and blocks until all are complete, or until the deadline for changes in place. */
    void awaitRefused(Chain chain) {
        var refused = chain.refuse();
        // A request may ask for the stop of the chain that it is in.
        chain.drains().giveUpOwn();
        if (!Bounded.await(refused, now.inplaceDrainTimeout())) {
            chain.drains().giveUp();
        }
    }
}
