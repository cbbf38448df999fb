package dev.sluice.chain.snapshot;

import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The rest of the chain as an observed unit sees it: it notes what came back from there, so that this isn't taken for the unit's own. */
final class Behind implements Next {

    private static final int ERROR = 500;

    private final Lease lease;
    private final Next next;
    private boolean hasErred;

    Behind(Lease lease, Next next) {
        this.lease = lease;
        this.next = next;
    }

    @Override
    public void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        hasErred = true;
        next.proceed(request, response);
        hasErred = lease.statusOn(response) >= ERROR;
    }

    /** {@return whether the rest has failed, or answered with an error, when it was asked last} */
    boolean hasErred() {
        return hasErred;
    }
}
