package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.Chain;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container's stop, before any bundle stops: not ready any more, then (after the delay) no new requests, then the drain.
 */
final class ContainerStop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerStop.class);

    private final Chain chain;
    private final Duration delay;
    private final Duration drainTimeout;
    /** Never counted down yet: whoever wants to hurry a stop along does it here. */
    private final CountDownLatch hurry = new CountDownLatch(1);
    private volatile boolean begun;

    /**
     * Prepares it.
     *
     * @param chain the chain
     * @param delay how long requests are still served after readiness went down, for load balancers to notice
     * @param drainTimeout how long to wait for running requests afterwards
     */
    ContainerStop(Chain chain, Duration delay, Duration drainTimeout) {
        this.chain = chain;
        this.delay = delay;
        this.drainTimeout = drainTimeout;
    }

    /** {@return whether the container is stopping} */
    boolean isBegun() {
        return begun;
    }

    @Override
    public void run() {
        begun = true;
        LOG.info("stopping: not ready any more");
        try {
            if (!delay.isZero() && !hurry.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.info("stopping: the shutdown delay of {} ms is over", delay.toMillis());
            }
            chain.refuse().get(drainTimeout.toNanos(), TimeUnit.NANOSECONDS);
            LOG.info("stopping: every request is answered");
        } catch (TimeoutException e) {
            chain.leases().forEach(chain::logStuck);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
