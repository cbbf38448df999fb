package dev.sluice.listener;

import dev.sluice.chain.ChainControl;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * The last check before a servlet, on both listeners: a request that the listener's guard has not marked gets 503. On the
 * data listener the guard is the chain, on the admin listener the admin's door.
 *
 * <p>It stands behind the guard and holds no state, so it is right at every moment, whatever the guard's bundle is going
 * through: while that is stopped, updated or broken no request carries the mark.
 */
final class Gate implements Preprocessor {

    private static final byte[] GUARD_AWAY =
            """
            {"type":"about:blank","title":"Service Unavailable","status":503,\
            "detail":"What guards this listener is not available at the moment."}
            """
                    .getBytes(StandardCharsets.UTF_8);

    private final Consumer<ServletContextHandler> context;

    /** @param context told of the Jetty that the gate stands in, each time one is made */
    Gate(Consumer<ServletContextHandler> context) {
        this.context = context;
    }

    @Override
    public void init(FilterConfig config) {
        // A gate that can't be initialised isn't put up, so nothing may be thrown here.
        ServletContextHandler handler = ServletContextHandler.getServletContextHandler(config.getServletContext());
        if (handler != null) {
            handler.getServer().setErrorHandler(new ProblemErrors());
            context.accept(handler);
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (Boolean.TRUE.equals(request.getAttribute(ChainControl.ADMITTED_ATTRIBUTE))) {
            chain.doFilter(request, response);
        } else {
            refuse((HttpServletResponse) response);
        }
    }

    private static void refuse(HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            // The status can't be changed any more; ending here still keeps the request from the servlet.
            return;
        }
        response.reset();
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader("Retry-After", "1");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/problem+json");
        // No Content-Length: Jetty adds it at the end, and Connection: close with it if a body is left unread. Told it
        // now,
        // it would send the answer first and cut the connection silently afterwards.
        response.getOutputStream().write(GUARD_AWAY);
    }

    @Override
    public void destroy() {}
}
