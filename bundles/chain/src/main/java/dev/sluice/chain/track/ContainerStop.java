package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.Bounded;
import dev.sluice.chain.snapshot.Chain;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container's stop, before any bundle stops: not ready any more, then (after the delay) no new requests, then the drain,
 * and then the listener may close its connections.
 */
final class ContainerStop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerStop.class);

    private final Chain chain;
    private final Duration delay;
    private final Duration drainTimeout;
    private final Runnable closed;
    /** Complete when somebody doesn't want to wait any longer. */
    private final CompletableFuture<Void> hurry = new CompletableFuture<>();

    private volatile boolean begun;

    /**
     * Prepares it.
     *
     * @param chain the chain
     * @param delay how long requests are still served after readiness went down, for load balancers to notice
     * @param drainTimeout how long to wait for running requests afterwards
     * @param closed called when no request is served any more; may close connections
     */
    ContainerStop(Chain chain, Duration delay, Duration drainTimeout, Runnable closed) {
        this.chain = chain;
        this.delay = delay;
        this.drainTimeout = drainTimeout;
        this.closed = closed;
    }

    /** {@return whether the container is stopping} */
    boolean isBegun() {
        return begun;
    }

    /** Ends the waiting: for load balancers and for running requests. Before the stop has begun it does the same, then. */
    void hurry() {
        hurry.complete(null);
    }

    @Override
    public void run() {
        begun = true;
        chain.closeConnections();
        LOG.info("stopping: not ready any more");
        if (!delay.isZero()) {
            boolean hurried = Bounded.await(hurry, delay);
            LOG.info("stopping: the shutdown delay of {} ms is {}", delay.toMillis(), hurried ? "cut short" : "over");
        }
        CompletableFuture<Void> answered = chain.refuse();
        Bounded.await(CompletableFuture.anyOf(answered, hurry), drainTimeout);
        if (answered.isDone()) {
            LOG.info("stopping: every request is answered");
        } else {
            // Their units are closed by this: the stop of each bundle would wait for the same requests once more.
            LOG.warn(
                    "stopping: requests are left {} the drain timeout of {} ms",
                    hurry.isDone() ? "by who didn't want to wait for" : "after",
                    drainTimeout.toMillis());
            chain.drains().giveUp();
        }
        closed.run();
    }
}
