package dev.sluice.chain.snapshot;

import dev.sluice.chain.failure.Aborted;
import dev.sluice.chain.path.RequestPath;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Where requests come in: judges, holds, leases, runs, and gives the lease back when the response is complete. */
public final class Entrance {

    private final Chain chain;
    private final WaitingRoom waitingRoom;
    private final BiConsumer<HttpServletRequest, Runnable> suspended;

    /**
     * Makes the entrance.
     *
     * @param chain the chain behind it
     * @param waitingRoom where requests wait for what is about to come back
     * @param suspended told of each request that goes on without its thread, on that thread; it has what it is given run when
     *     the request is over, where it can. Throws nothing
     */
    public Entrance(Chain chain, WaitingRoom waitingRoom, BiConsumer<HttpServletRequest, Runnable> suspended) {
        this.chain = chain;
        this.waitingRoom = waitingRoom;
        this.suspended = suspended;
    }

    /**
     * Serves one dispatch of a request: the first, or one after {@code AsyncContext.dispatch}.
     *
     * @param request the request as the servlet container gives it
     * @param response the response
     * @param behind what stands behind the chain
     */
    public void serve(HttpServletRequest request, HttpServletResponse response, FilterChain behind)
            throws IOException, ServletException {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            enter(request, response, behind);
        } else {
            comeBack(request, response, behind);
        }
    }

    private void enter(HttpServletRequest request, HttpServletResponse response, FilterChain behind)
            throws IOException, ServletException {
        String path = path(request);
        if (RequestPath.isAmbiguous(path)) {
            Refusal.AMBIGUOUS_PATH.send(response, "The path can be read in more than one way.");
            return;
        }
        Lease lease = lease(request, response, path);
        if (lease == null) {
            return;
        }
        try {
            lease.run(response, behind);
        } catch (Throwable thrown) {
            answer(lease, request, response, thrown);
        } finally {
            try {
                leave(lease);
            } finally {
                // Whatever the log makes of failures: nobody else gives the lease back.
                settle(lease, request);
            }
        }
    }

    /** {@return the request's lease; null if it was refused} It may be held several times, and waits no longer for that. */
    private Lease lease(HttpServletRequest request, HttpServletResponse response, String path) throws IOException {
        WaitingRoom.Visit visit = null;
        try {
            while (true) {
                Snapshot snapshot = chain.current();
                Route route = snapshot.route(path, request);
                if (isRefused(snapshot, route, response)) {
                    return null;
                }
                if (route.heldBy() == null) {
                    Optional<Lease> taken = chain.lease(snapshot, route, request, path);
                    if (taken.isPresent()) {
                        return taken.get();
                    }
                } else {
                    visit = visit == null ? waitingRoom.enter() : visit;
                    if (visit == null || !visit.until(snapshot)) {
                        Refusal.AWAY.send(
                                response,
                                "The middleware \"" + route.heldBy()
                                        + "\" is being changed; too many requests wait, or this one has waited too long.");
                        return null;
                    }
                }
            }
        } finally {
            if (visit != null) {
                visit.close();
            }
        }
    }

    private static boolean isRefused(Snapshot snapshot, Route route, HttpServletResponse response) throws IOException {
        switch (snapshot.admission()) {
            case NOT_OPEN -> Refusal.NOT_OPEN.send(response, "The container is starting.");
            case STOPPING -> Refusal.STOPPING.send(response, "The container is stopping.");
            case OPEN, CLOSING -> {
                if (snapshot.admission() == Admission.CLOSING) {
                    response.setHeader("Connection", "close");
                }
                if (route.blockedBy() == null) {
                    return false;
                }
                Refusal.AWAY.send(
                        response, "The middleware \"" + route.blockedBy() + "\" is not available at the moment.");
            }
        }
        return true;
    }

    /** The path that whoever stands behind the chain will see: decoded, without parameters, context path included. */
    private static String path(HttpServletRequest request) {
        String servletPath = request.getServletPath();
        String pathInfo = request.getPathInfo();
        if (pathInfo == null) {
            return servletPath == null ? "" : servletPath;
        }
        return servletPath == null || servletPath.isEmpty() ? pathInfo : servletPath + pathInfo;
    }

    /**
     * A later dispatch goes on with the lease of the first. One that has none began on an earlier chain's bundle, whose
     * chain is gone: nobody can say what it has run through.
     */
    private void comeBack(HttpServletRequest request, HttpServletResponse response, FilterChain behind)
            throws IOException, ServletException {
        Optional<Lease> pinned = Lease.pinned(request);
        if (pinned.isEmpty()) {
            Refusal.AWAY.send(response, "The middleware chain has changed under this request.");
            return;
        }
        Lease lease = pinned.get();
        try {
            lease.resume(request, response, behind);
        } catch (Throwable thrown) {
            answer(lease, request, response, thrown);
        } finally {
            try {
                leave(lease);
            } finally {
                // The listener of the first dispatch gives it back, now or after yet another dispatch.
                lease.park();
            }
        }
    }

    private static void answer(Lease lease, HttpServletRequest request, HttpServletResponse response, Throwable thrown)
            throws IOException, ServletException {
        try {
            Containment.answer(lease, request, response, thrown);
        } catch (Throwable toTheContainer) {
            if (response.isCommitted()) {
                // It aborts the response, and of an asynchronous one it tells no listener.
                lease.close();
            }
            throw toTheContainer;
        }
    }

    /** Before the container's thread goes on with other requests. */
    private static void leave(Lease lease) {
        Step.clearInterrupt(Thread.currentThread());
        lease.reportFailures();
    }

    /**
     * When the container's thread comes back the response is complete, or somebody else will complete it. Then the listener
     * gives the lease back; where the container ends a request without a word to its listeners (Jetty does, if it aborts the
     * response), what {@link #suspended} was given does. Both come when no thread of the container runs the request, and
     * whichever comes second finds nothing to do.
     */
    private void settle(Lease lease, HttpServletRequest request) {
        if (!request.isAsyncStarted()) {
            lease.close();
            return;
        }
        lease.park();
        try {
            request.setAttribute(Lease.ATTRIBUTE, lease);
            request.getAsyncContext().addListener(new GiveBack(lease));
        } catch (IllegalStateException alreadyComplete) {
            lease.close();
            return;
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
        suspended.accept(request, lease::close);
    }

    /**
     * Gives the lease back when asynchronous processing is complete. Not on timeout or error: others may still write the
     * response then, and {@code onComplete} follows in either case (Servlet specification 2.3.3.3).
     */
    private record GiveBack(Lease lease) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            lease.close();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Starting anew drops the listeners of the cycle before.
            event.getAsyncContext().addListener(this);
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {
            Throwable thrown = event.getThrowable();
            if (thrown != null
                    && !(thrown instanceof Aborted)
                    // From the container itself, which tells of connections that it has found closed.
                    && lease.connectionFault(thrown, true).isEmpty()) {
                lease.failures().reached(thrown, "its asynchronous processing failed");
                lease.reportFailures();
            }
        }
    }
}
