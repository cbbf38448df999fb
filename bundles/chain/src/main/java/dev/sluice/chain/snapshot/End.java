package dev.sluice.chain.snapshot;

import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The last step of a route: hands the request on to what stands behind the chain, marked as admitted. */
final class End implements Next {

    private final int number;

    End(int number) {
        this.number = number;
    }

    @Override
    public void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        Lease lease = Lease.of(request);
        lease.reach(number);
        Step.clearInterrupt(Thread.currentThread());
        try {
            lease.leaveChain(request, response);
        } catch (Throwable thrown) {
            lease.failures().behind(thrown, number);
            throw thrown;
        }
    }
}
