package dev.sluice.middleware;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A piece of behaviour in front of every request whose path it matches. Authors implement it and register it as a
 * service; the container calls it.
 *
 * <p><b>Threads.</b> One instance serves all requests at once, so {@code handle} must be safe to call from many threads.
 * The thread's context class loader is that of the middleware's own bundle during the call, and is put back after it.
 *
 * <p><b>State.</b> Keep what belongs to a request in local variables or in request attributes, never in fields. A
 * reference to a request or response is worthless, and dangerous to use, once that request is complete.
 *
 * <p><b>Lifetime.</b> From the moment a request enters the chain until its response is complete, asynchronous
 * processing included, the request holds a lease on each middleware that matches it: a middleware's bundle is not
 * stopped while such a request runs, up to the drain deadline. Two versions may serve at the same time for a while: the
 * old one the requests that began on it, the new one all others. Acquire resources in the component's constructor or
 * activator, and give them back when it is deactivated.
 */
@ConsumerType
@FunctionalInterface
public interface Middleware {

    /**
     * Handles one request: answers it, or hands it on with {@link Next#proceed}, or both.
     *
     * <p>What is done before {@code next.proceed} happens on the way in, what is done after it on the way out. By then the
     * response may be committed: set headers before it, or wrap the response. A wrapper extends {@link
     * jakarta.servlet.http.HttpServletRequestWrapper} or {@link jakarta.servlet.http.HttpServletResponseWrapper}.
     *
     * <p>A middleware that neither calls {@code next} nor writes a response answers with an empty 200, as a servlet
     * would. To continue on another thread, call {@link HttpServletRequest#startAsync()} first, as the Servlet
     * specification 2.3.3.3 asks of filters and servlets, and call {@code next} or complete the
     * {@link jakarta.servlet.AsyncContext} later. {@link jakarta.servlet.AsyncContext#dispatch()} comes back to the last
     * middleware that the request has reached, with {@link jakarta.servlet.DispatcherType#ASYNC}; middleware before it is
     * not run a second time. When {@code next.proceed} has returned, ask {@link HttpServletRequest#isAsyncStarted()} whether
     * the response is still being made, before you do what belongs to its end; an {@link jakarta.servlet.AsyncListener}
     * tells when it is complete.
     *
     * @param request the request, possibly wrapped by middleware that ran earlier; may be wrapped again for {@code next}
     * @param response the response, possibly wrapped likewise
     * @param next the rest of the chain, ending in the servlet
     * @throws IOException if reading the request or writing the response fails
     * @throws ServletException if the request can't be handled; it passes through the middleware that ran earlier, which
     *     may handle it
     */
    void handle(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException;
}
