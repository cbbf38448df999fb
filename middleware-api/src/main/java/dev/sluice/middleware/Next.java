package dev.sluice.middleware;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The rest of the chain, as one middleware sees it: each later middleware that matches the request, then the servlet.
 * The container implements it.
 *
 * <p>It may be called from another thread if the request was put into asynchronous mode, but not from two at once.
 */
@ProviderType
@FunctionalInterface
public interface Next {

    /**
     * Runs the whole rest of the chain and returns when it has returned. It may be called more than once before the
     * response is committed, to retry, and need not be called at all. What a later middleware throws comes out of it; what
     * the servlet itself throws does not: the HTTP service has made a response of status 500 of it by then.
     *
     * @param request the request that later middleware and the servlet see: the one received, or a {@link
     *     jakarta.servlet.http.HttpServletRequestWrapper} around it
     * @param response the response that they write to: the one received, or a {@link
     *     jakarta.servlet.http.HttpServletResponseWrapper} around it
     * @throws IOException if a later middleware threw it
     * @throws ServletException if a later middleware threw it
     * @throws IllegalStateException if the request is complete already: nothing can be served for it any more; or if {@code
     *     request} is neither the one received nor a wrapper around it
     */
    void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
}
