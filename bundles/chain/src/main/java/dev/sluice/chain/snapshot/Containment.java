package dev.sluice.chain.snapshot;

import dev.sluice.chain.failure.Aborted;
import dev.sluice.chain.failure.ConnectionFault;
import dev.sluice.chain.failure.Failures;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** What becomes of that which has come through the whole chain: the container never gets an exception of a bundle. */
final class Containment {

    private Containment() {}

    /**
     * Answers a request that has failed.
     *
     * @param lease its lease
     * @param request the request as the container gives it
     * @param response its response
     * @param thrown what has come through
     * @throws Aborted if the response was on its way already, so that the container doesn't end it as if it were whole
     */
    static void answer(Lease lease, HttpServletRequest request, HttpServletResponse response, Throwable thrown)
            throws IOException, ServletException {
        if (!Failures.isContained(thrown)) {
            throw Containment.<RuntimeException>unchecked(thrown);
        }
        Failures failures = lease.failures();
        if (lease.isOver()) {
            failures.reached(thrown, "the request had been answered already");
            return;
        }
        Optional<Throwable> fault = lease.connectionFault(thrown);
        if (fault.isPresent() && ConnectionFault.isJunk(fault.get()) && !response.isCommitted()) {
            // The container would take it for a failure of the server.
            Refusal.JUNK.send(response, "A header or a parameter of the request can't be understood.");
            if (request.isAsyncStarted()) {
                complete(request);
            }
            return;
        }
        if (fault.isPresent()) {
            // The container knows best what to do about its own; a wrapper around it may be of a bundle's class.
            throw Containment.<RuntimeException>unchecked(fault.get());
        }
        Refusal refusal = failures.isDeadline(thrown) ? Refusal.DEADLINE : Refusal.FAILED;
        String name = failures.chargedTo(thrown);
        String detail =
                name.isEmpty() ? "What answers this request failed." : "The middleware \"" + name + "\" failed.";
        if (!response.isCommitted()) {
            failures.reached(thrown, "answered with an error");
            refusal.send(response, detail, failures.incident());
        } else if (refusal.replaceError(request, detail, failures.incident())) {
            failures.reached(thrown, "answered with an error, in place of the one that was asked for with sendError");
        } else {
            failures.reached(thrown, "the response was on its way already, and is aborted");
            throw new Aborted(failures.incident());
        }
        if (request.isAsyncStarted()) {
            complete(request);
        }
    }

    private static void complete(HttpServletRequest request) {
        try {
            request.getAsyncContext().complete();
        } catch (IllegalStateException completeAlready) {
            // By whoever else has it. The answer is given or not given, and nothing waits for it.
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
