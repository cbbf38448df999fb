package dev.sluice.chain.lease;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** "Why no lease is missed": enter and check, against publish and scan. First result: the lease passed; second: told empty. */
@JCStressTest
@State
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the request came too late, and leaves again")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "the scan saw a request that leaves again")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the request holds the retired gate")
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "empty, though a lease that passed the check is held")
public class EnterAgainstRetire {

    private final LeaseGate gate = new LeaseGate();
    private volatile boolean current = true;
    private boolean told;

    @Actor
    public void request(ZZ_Result result) {
        int token = gate.enter();
        result.r1 = current;
        if (!result.r1) {
            gate.leave(token);
        }
    }

    @Actor
    public void writer(ZZ_Result result) {
        current = false;
        // Only this thread's own scan counts here: who leaves again may tell it, too.
        Thread writer = Thread.currentThread();
        gate.retire(() -> told |= Thread.currentThread() == writer);
        result.r2 = told;
    }
}
