package dev.sluice.benchmark.gate;

import dev.sluice.chain.lease.LeaseGate;

/** The chain's own gate: striped counters, and a token that names the stripe. */
final class Stripes implements Counter {

    private final LeaseGate gate = new LeaseGate();

    @Override
    public int enter() {
        return gate.enter();
    }

    @Override
    public void leave(int token) {
        gate.leave(token);
    }

    @Override
    public boolean isEmpty() {
        return gate.isEmpty();
    }
}
