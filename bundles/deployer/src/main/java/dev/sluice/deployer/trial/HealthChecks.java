package dev.sluice.deployer.trial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the health checks that a candidate registers. Runs code of the candidate on the calling thread.
 */
final class HealthChecks {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
    private static final Duration RETRY = Duration.ofMillis(200);

    private final BundleContext context;

    HealthChecks(BundleContext context) {
        this.context = context;
    }

    /**
     * @param bundle the candidate
     * @param deadline until when a check may answer that it is temporarily unavailable
     * @return what is wrong; empty if each check is OK
     */
    Optional<String> check(Bundle bundle, Deadline deadline) throws InterruptedException {
        ServiceReference<?>[] registered = bundle.getRegisteredServices();
        if (registered == null) {
            return Optional.empty();
        }
        for (ServiceReference<?> reference : registered) {
            if (List.of((String[]) reference.getProperty(Constants.OBJECTCLASS))
                    .contains(HealthCheck.class.getName())) {
                Optional<String> wrong = check(bundle, reference, deadline);
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> check(Bundle bundle, ServiceReference<?> reference, Deadline deadline)
            throws InterruptedException {
        Object service = context.getService(reference);
        try {
            if (!(service instanceof HealthCheck check)) {
                return Optional.of("its health check " + name(reference) + " can't be had: see the log");
            }
            Result result = check.execute();
            while (result.getStatus() == Result.Status.TEMPORARILY_UNAVAILABLE && !deadline.isOver()) {
                tick(deadline);
                result = check.execute();
            }
            if (result.getStatus() == Result.Status.WARN) {
                LOG.warn("{}: health check {} warns: {}", bundle, name(reference), messages(result));
            }
            return switch (result.getStatus()) {
                case OK, WARN -> Optional.empty();
                case TEMPORARILY_UNAVAILABLE, CRITICAL, HEALTH_CHECK_ERROR ->
                    Optional.of("its health check " + name(reference) + " reports " + result.getStatus() + ": "
                            + messages(result));
            };
        } finally {
            context.ungetService(reference);
        }
    }

    /**
     * Waits for the timer, however late that is on a busy machine, and on this thread: so that what is asked again runs on the thread
     * that is given up if it hangs.
     */
    static void tick(Deadline deadline) throws InterruptedException {
        CompletableFuture<Void> tick = deadline.after(RETRY);
        try {
            tick.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the timer doesn't run", e);
        } finally {
            tick.cancel(false);
        }
    }

    private static String name(ServiceReference<?> reference) {
        Object name = reference.getProperty(HealthCheck.NAME);
        return name == null ? "without a name (" + HealthCheck.NAME + ")" : "'" + name + "'";
    }

    private static String messages(Result result) {
        List<ResultLog.Entry> entries = new ArrayList<>(
                StreamSupport.stream(result.spliterator(), false).toList());
        entries.removeIf(entry -> entry.getStatus() == Result.Status.OK);
        return entries.isEmpty()
                ? "it says nothing more"
                : entries.stream().map(ResultLog.Entry::getMessage).collect(Collectors.joining("; "));
    }
}
