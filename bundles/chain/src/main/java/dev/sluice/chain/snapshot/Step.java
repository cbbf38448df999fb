package dev.sluice.chain.snapshot;

import dev.sluice.chain.FailureMode;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * One step of a route: runs its unit, with the next step as the rest of the chain. Immutable, linked once when the route is
 * made and shared by all its requests; what belongs to one request is found in the request's {@link Lease}.
 */
final class Step implements Next {

    private final int number;
    private final Unit unit;
    private final FailureMode onFailure;
    private final Next next;

    Step(int number, Unit unit, FailureMode onFailure, Next next) {
        this.number = number;
        this.unit = unit;
        this.onFailure = onFailure;
        this.next = next;
    }

    @Override
    public void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        Lease.of(request).reach(number);
        if (unit.isClosed()) {
            passClosed(request, response);
            return;
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(unit.loader());
        try {
            unit.middleware().handle(request, response, next);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The drain deadline passed while the request ran, and the unit's bundle is stopped or about to be. */
    private void passClosed(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        if (onFailure == FailureMode.OPEN) {
            next.proceed(request, response);
        } else {
            Refusal.AWAY.send(response, "The middleware \"" + unit.name() + "\" is not available at the moment.");
        }
    }
}
