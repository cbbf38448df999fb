package dev.sluice.listener;

import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.thread.Scheduler;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.Preprocessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has suspended requests on the data listener fail when their client leaves, as an {@code AsyncListener} learns it: so what is
 * done for nobody can be given up.
 *
 * <p>Jetty reads from an HTTP/1.1 connection only when it wants bytes. While a request is suspended it wants none, and would
 * notice a client's leaving when it next writes. A request that is answered without being suspended pays nothing for the watch.
 *
 * <p>A client that closes only its sending side looks the same as one that leaves, and is taken for one, as RFC 9112, section
 * 9.6 allows and nginx does. The framework property {@value #HALF_CLOSE} set to {@code true} has such clients answered, and
 * nobody watched.
 */
@Component(
        service = Preprocessor.class,
        property = {
            "osgi.http.whiteboard.target=(org.apache.felix.http.name=" + Listeners.DATA + ")",
            // Outside the others, for those that suspend a request themselves.
            Constants.SERVICE_RANKING + ":Integer=" + Integer.MAX_VALUE
        })
public final class ClientWatch implements Preprocessor {

    private static final Logger LOG = LoggerFactory.getLogger(ClientWatch.class);

    static final String HALF_CLOSE = "sluice.client.half.close";

    private static final String WATCHED = "dev.sluice.listener.watched";

    /** How long a request has been suspended at most when its watch begins. */
    private static final long PAUSE_MS = 50;

    private final boolean halfClose;
    private final long pauseMillis;
    private volatile Rounds rounds;

    /** @param context this bundle's context, for the framework property */
    @Activate
    public ClientWatch(BundleContext context) {
        this(Boolean.parseBoolean(context.getProperty(HALF_CLOSE)), PAUSE_MS);
    }

    ClientWatch(boolean halfClose, long pauseMillis) {
        this.halfClose = halfClose;
        this.pauseMillis = pauseMillis;
    }

    @Override
    public void init(FilterConfig config) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } finally {
            // The request can't end before this thread is out of here, even if another has completed it already.
            if (!halfClose && request.isAsyncStarted() && request.getAttribute(WATCHED) == null) {
                watch(request);
            }
        }
    }

    private void watch(ServletRequest request) {
        request.setAttribute(WATCHED, true);
        try {
            ServletContextRequest suspended = ServletContextRequest.getServletContextRequest(request);
            if (suspended.getConnectionMetaData().getConnection() instanceof HttpConnection connection
                    && connection.getEndPoint() instanceof SelectableChannelEndPoint endPoint) {
                WatchedStream.watch(suspended, connection, endPoint, rounds(suspended));
            }
        } catch (RuntimeException e) {
            // The request is none the worse for not being watched.
            LOG.debug("a request can't be watched", e);
        }
    }

    /** Two at a time, from threads that meet here as the first of a new Jetty, do no harm: each makes its rounds. */
    private Rounds rounds(ServletContextRequest request) {
        Scheduler scheduler = request.getComponents().getScheduler();
        Rounds current = rounds;
        if (current == null || !current.by(scheduler)) {
            current = new Rounds(scheduler, pauseMillis);
            rounds = current;
        }
        return current;
    }

    @Override
    public void destroy() {}
}
