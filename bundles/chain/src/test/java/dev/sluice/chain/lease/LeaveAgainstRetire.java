package dev.sluice.chain.lease;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** "Why the last one is always told": leave and read the callback, against set the callback and scan. */
@JCStressTest
@State
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "told")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "the gate is empty and retired, and nobody was told")
public class LeaveAgainstRetire {

    private final LeaseGate gate = new LeaseGate();
    private final int token = gate.enter();
    private volatile boolean told;

    @Actor
    public void request() {
        gate.leave(token);
    }

    @Actor
    public void writer() {
        gate.retire(() -> told = true);
    }

    @Arbiter
    public void after(Z_Result result) {
        result.r1 = told;
    }
}
