package dev.sluice.listener;

import dev.sluice.chain.ChainControl;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BiConsumer;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.thread.Scheduler;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has suspended requests on the data listener that ask for it fail when their client leaves, as an {@code AsyncListener} learns
 * it: so what is done for nobody can be given up. And tells the chain when each of them is over: of a response that it aborts, Jetty tells no
 * {@code AsyncListener}.
 *
 * <p>Jetty reads from an HTTP/1.1 connection only when it wants bytes. While a request is suspended it wants none, and would
 * notice a client's leaving when it next writes. A request that is answered without being suspended pays nothing for the watch.
 *
 * <p>Who asks for it, by setting {@value #WATCHED_ATTRIBUTE} to {@link Boolean#TRUE}, must hear {@code onError}. A failure ends
 * the request, and what a thread then writes to its response is dropped without a word: one that streams until a write fails
 * would stream for ever.
 *
 * <p>A client that closes only its sending side looks the same as one that leaves, and is taken for one, as RFC 9112, section
 * 9.6 allows and nginx does. The framework property {@value #HALF_CLOSE} set to {@code true} has such clients answered, and
 * nobody watched.
 *
 * <p>The chain calls this, once it has been through all of its middleware. A {@code Preprocessor} of its own would stand outside
 * the chain or inside as the order of registration has it, and inside it would miss what middleware suspends by itself.
 */
@Component(
        service = BiConsumer.class,
        property = ChainControl.SUSPENDED + ":Boolean=true",
        configurationPolicy = ConfigurationPolicy.IGNORE)
public final class ClientWatch implements BiConsumer<HttpServletRequest, Runnable> {

    private static final Logger LOG = LoggerFactory.getLogger(ClientWatch.class);

    /** The request attribute by which a request asks to be watched. */
    static final String WATCHED_ATTRIBUTE = "dev.sluice.client.watched";

    static final String HALF_CLOSE = "sluice.client.half.close";

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

    /**
     * Watches a request that is suspended. To be called on the thread that has handled it, once: it can't end before that
     * thread is back, even if another has completed it already.
     *
     * @param request the request
     * @param whenOver is run when it has ended, before its connection goes on to another
     */
    @Override
    public void accept(HttpServletRequest request, Runnable whenOver) {
        ServletContextRequest suspended = ServletContextRequest.getServletContextRequest(request);
        // Jetty calls it for a success and for a failure, and when it handles the request no more.
        Request.addCompletionListener(suspended, failure -> whenOver.run());
        if (halfClose || !Boolean.TRUE.equals(request.getAttribute(WATCHED_ATTRIBUTE))) {
            return;
        }
        try {
            if (suspended.getConnectionMetaData().getConnection() instanceof HttpConnection connection
                    && connection.getEndPoint() instanceof SelectableChannelEndPoint endPoint) {
                WatchedStream.watch(suspended, connection, endPoint, rounds(suspended));
            }
        } catch (RuntimeException | LinkageError e) {
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
}
