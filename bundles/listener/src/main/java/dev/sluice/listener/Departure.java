package dev.sluice.listener;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletChannelState;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Tells a request that its client has left: pending reads and writes fail, and its {@code AsyncListener}s learn it.
 *
 * <p>Jetty tells listeners of a failure only if the request waits at that moment. If a thread is just at work on it, that is
 * lost; so they are told again until the request is over, which is the end of nearly every one that has been told. What comes too late
 * can only reach a later request of the same client, and that client has left.
 */
final class Departure {

    private static final long FIRST_PAUSE_MS = 5;
    private static final long LONGEST_PAUSE_MS = 1_000;

    private final HttpChannel channel;
    private final ServletChannelState state;
    private final Executor executor;
    private final Scheduler scheduler;

    private EofException cause;
    private Runnable first;
    private volatile boolean over;

    Departure(ServletContextRequest request) {
        channel = HttpChannel.from(request);
        state = request.getServletRequestState();
        executor = request.getComponents().getExecutor();
        scheduler = request.getComponents().getScheduler();
    }

    /** Lets the request fail, but calls nobody yet. */
    void begin(EofException gone) {
        cause = gone;
        first = channel.onRemoteFailure(gone);
    }

    /** Calls whoever waits for something of the client. On the caller's thread, which may take its time. */
    void tell() {
        if (first != null) {
            first.run();
        }
        again(FIRST_PAUSE_MS);
    }

    private void again(long pause) {
        if (over) {
            return;
        }
        scheduler.schedule(
                () -> execute(() -> {
                    if (!over) {
                        state.asyncError(cause);
                        again(Math.min(2 * pause, LONGEST_PAUSE_MS));
                    }
                }),
                pause,
                TimeUnit.MILLISECONDS);
    }

    /** Runs something on a thread that serves requests. */
    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // The server stops, and every request ends with it.
            over = true;
        }
    }

    /** The request is over. */
    void end() {
        over = true;
    }
}
