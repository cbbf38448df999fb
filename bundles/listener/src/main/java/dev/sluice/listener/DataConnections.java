package dev.sluice.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the data listener, closed in good order when the container stops: no new ones first, then the idle ones.
 *
 * <p>Felix HTTP takes its dispatcher away before it stops Jetty, and answers 404 to whatever comes in between. A client, or
 * the load balancer before it, would believe that. So everything is closed before.
 */
final class DataConnections implements Consumer<Server>, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(DataConnections.class);

    /** Jetty gives idle connections a second once it shuts down; the rest is for a busy machine. */
    private static final long PATIENCE_SECONDS = 3;

    /**
     * How long Jetty waits, all in all, for threads that are still in a request when it stops; its own figure is 5 s. They
     * have been waited for already, as long as the drain may take, so this is for the interrupt to be noticed.
     */
    private static final long STOP_MILLIS = 1_000;

    private volatile Server server;

    /** Takes the Jetty that runs the listener now. */
    @Override
    public void accept(Server current) {
        server = current;
    }

    /** Closes them, and returns when that is done, or when it takes too long. */
    @Override
    public void run() {
        Server current = server;
        if (current == null) {
            return;
        }
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        for (Connector connector : current.getConnectors()) {
            if (connector instanceof NetworkConnector network) {
                network.close();
            }
            closed.add(connector.shutdown());
        }
        try {
            CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.info("some connections are still busy, and are cut");
            if (current.getThreadPool() instanceof QueuedThreadPool threads) {
                threads.setStopTimeout(STOP_MILLIS);
            }
        } catch (ExecutionException e) {
            LOG.warn(
                    "the data listener could not be closed in good order: {}",
                    e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
