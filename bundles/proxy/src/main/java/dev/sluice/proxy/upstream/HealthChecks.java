package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.HealthCheck;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks one upstream again and again: the next time when the last is done and the interval is over. Two failures in a row
 * make it unhealthy, as one may be chance; one success makes it healthy.
 *
 * <p>There is one check at a time, and one handing on from it to the next; so the count needs no lock.
 */
final class HealthChecks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    static final int FAILURES = 2;

    private final Member member;
    private final HealthCheck settings;
    private final Supplier<CompletableFuture<Optional<String>>> check;
    private final ScheduledExecutorService timer;
    private volatile int failures;
    private volatile boolean closed;

    /**
     * Checks from now on.
     *
     * @param member whose health it is
     * @param settings how often
     * @param check begins a check, which ends with what is wrong, or with nothing; it fails where nothing can be said
     * @param timer on which the next one begins
     */
    HealthChecks(
            Member member,
            HealthCheck settings,
            Supplier<CompletableFuture<Optional<String>>> check,
            ScheduledExecutorService timer) {
        this.member = member;
        this.settings = settings;
        this.check = check;
        this.timer = timer;
        later(0);
    }

    private void later(long millis) {
        try {
            timer.schedule(this::ask, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the proxy stops: {} is checked no more", member.address());
        }
    }

    private void ask() {
        if (closed) {
            return;
        }
        CompletableFuture<Optional<String>> asked;
        try {
            asked = check.get();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((wrong, failure) -> {
            if (failure == null) {
                judge(wrong);
            } else {
                LOG.debug("the check of {} says nothing", member.address(), failure);
            }
            later(settings.interval().toMillis());
        });
    }

    private void judge(Optional<String> wrong) {
        if (closed) {
            return;
        }
        failures = wrong.isPresent() ? failures + 1 : 0;
        if (wrong.isEmpty() || failures >= FAILURES) {
            member.healthy(wrong.isEmpty(), wrong.orElse(""));
        }
    }

    /** Ends the checks. One that is underway is not heard any more. */
    @Override
    public void close() {
        closed = true;
    }
}
