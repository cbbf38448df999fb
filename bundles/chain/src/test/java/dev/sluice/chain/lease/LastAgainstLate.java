package dev.sluice.chain.lease;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** The last lease on a retired gate is given back while a request comes late, and leaves again. */
@JCStressTest
@State
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "told")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "each took the other for the last, and nobody was told")
public class LastAgainstLate {

    private final LeaseGate gate = new LeaseGate();
    private final int token = gate.enter();
    private volatile boolean told;

    public LastAgainstLate() {
        gate.retire(() -> told = true);
    }

    @Actor
    public void last() {
        gate.leave(token);
    }

    @Actor
    public void late() {
        gate.leave(gate.enter());
    }

    @Arbiter
    public void after(Z_Result result) {
        result.r1 = told;
    }
}
