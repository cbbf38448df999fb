package dev.sluice.chain.snapshot;

import dev.sluice.chain.failure.DeadlinePassed;
import dev.sluice.chain.failure.Failures;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The step of a fail-open middleware: where its unit fails and hasn't touched the request, the rest of the chain goes on as
 * if it weren't there; where the rest has answered already, the answer stands.
 */
final class OpenStep extends Step {

    OpenStep(int number, Unit unit, Next next, Limiters limiters, Place place) {
        super(number, unit, next, limiters, place);
    }

    @Override
    public void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        Lease lease = Lease.of(request);
        int bodyReads = lease.bodyReads();
        Witness witness = new Witness(response, next());
        try {
            enter(request, witness, witness);
        } catch (Throwable thrown) {
            if (!isOwn(lease, thrown) || !witness.permits(lease, request, bodyReads)) {
                throw thrown;
            }
            if (witness.hasAnswer()) {
                lease.failures().outcome(thrown, "the answer of the rest of the chain stands, as it fails open");
                return;
            }
            lease.failures().outcome(thrown, "the request went on without it, as it fails open");
        }
        if (witness.isToGoOn()) {
            next().proceed(request, response);
        }
    }

    private static boolean isOwn(Lease lease, Throwable thrown) {
        return Failures.isContained(thrown)
                && !(thrown instanceof DeadlinePassed)
                && lease.connectionFault(thrown).isEmpty();
    }

    @Override
    void pass(HttpServletRequest request, HttpServletResponse response, Refusal refusal, String why)
            throws IOException, ServletException {
        // Out of what holds the place, which is left to others.
        ((Witness) response).goOn();
    }
}
