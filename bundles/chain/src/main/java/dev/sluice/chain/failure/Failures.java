package dev.sluice.chain.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has failed on one request, and to whom each failure is charged. Made when the first one comes.
 *
 * <p>It keeps the exceptions, which are of bundles' classes, only until they are logged: when a dispatch of the request ends;
 * and not more than a few of them. One that is kept no longer was charged already; only if an earlier middleware throws just
 * that one on, out of the middle of its many attempts, it is charged with it too.
 * Thread-safe, as middleware may go on with the chain on a thread of its own; bundles' code is run outside the lock, but for
 * {@code getCause}, while a failure is compared with earlier ones.
 */
public final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private static final int CAUSES = 16;
    /** A middleware may try again for as long as it likes; the first ones and the last ones are those it may throw on. */
    private static final int KEPT = 16;

    /** One failure; of what stands behind the chain, where there is no unit. */
    private static final class Failure {
        private final Throwable thrown;
        private final int number;
        private final Charged unit;
        private String outcome;

        Failure(Throwable thrown, int number, Charged unit, String outcome) {
            this.thrown = thrown;
            this.number = number;
            this.unit = unit;
            this.outcome = outcome;
        }
    }

    // Guarded by this.
    private final List<Failure> failures = new ArrayList<>(2);
    /** Kept when the failures are logged and forgotten. */
    private final List<Charged> charged = new ArrayList<>(1);

    private int notShown;
    private final String incident = Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE)
            .substring(0, 12);

    /** {@return under what the log names all that fails on this request} */
    public String incident() {
        return incident;
    }

    /**
     * {@return whether the chain may stop it} What tells of the state of the whole JVM goes on, but for a stack that was too
     * deep. A bundle's own class isn't the JVM's word, whatever it extends.
     */
    public static boolean isContained(Throwable thrown) {
        boolean ofTheJvm = thrown.getClass().getClassLoader() == null;
        return !ofTheJvm
                || thrown instanceof StackOverflowError
                || !(thrown instanceof VirtualMachineError)
                        && !thrown.getClass().getName().equals("java.lang.ThreadDeath");
    }

    /**
     * Charges a failure to the unit that it came out of, unless it is that of a later step, of what stands behind the chain,
     * of the client or of the JVM. Called with a stack that may be nearly exhausted.
     *
     * @param thrown what was thrown
     * @param number the step's number
     * @param unit its unit
     * @param connection the request's connection
     * @return whether it is charged to it
     */
    public synchronized boolean charge(Throwable thrown, int number, Charged unit, Connection connection) {
        for (Failure failure : failures) {
            if (failure.number > number && contains(thrown, failure.thrown, 0)) {
                return false;
            }
        }
        if (!isContained(thrown) || connection.connectionFault(thrown).isPresent()) {
            return false;
        }
        add(new Failure(thrown, number, unit, "an earlier middleware has handled it"));
        return true;
    }

    /** Notes what came from behind the chain, so that it is charged to nobody. */
    public synchronized void behind(Throwable thrown, int number) {
        add(new Failure(thrown, number, null, ""));
    }

    /** Notes that a unit's deadline has passed: it was charged and logged when that happened. */
    public synchronized void deadline(DeadlinePassed passed, int number, Charged unit) {
        add(new Failure(passed, number, unit, ""));
    }

    private void add(Failure failure) {
        if (failures.size() == KEPT && !failures.remove(KEPT / 2).outcome.isEmpty()) {
            notShown++;
        }
        failures.add(failure);
        if (failure.unit != null && !charged.contains(failure.unit)) {
            charged.add(failure.unit);
        }
    }

    /** {@return whether any failure on this request was charged to a unit} */
    public synchronized boolean isCharged(Charged unit) {
        return charged.contains(unit);
    }

    /** Notes what became of the request after a failure that was charged last. */
    public synchronized void outcome(Throwable thrown, String outcome) {
        for (int i = failures.size() - 1; i >= 0; i--) {
            if (failures.get(i).thrown == thrown) {
                failures.get(i).outcome = outcome;
                return;
            }
        }
    }

    /**
     * Notes that something has come through the whole chain.
     *
     * @param thrown what has come through
     * @param outcome what became of the request
     */
    public synchronized void reached(Throwable thrown, String outcome) {
        for (int i = failures.size() - 1; i >= 0; i--) {
            Failure failure = failures.get(i);
            if (contains(thrown, failure.thrown, 0)) {
                if (!(failure.thrown instanceof DeadlinePassed)) {
                    failure.outcome = outcome;
                }
                return;
            }
        }
        add(new Failure(thrown, Integer.MAX_VALUE, null, outcome));
    }

    /** {@return the name of the middleware to which something that has come through the chain was charged; or empty} */
    public synchronized String chargedTo(Throwable thrown) {
        for (int i = failures.size() - 1; i >= 0; i--) {
            Failure failure = failures.get(i);
            if (failure.unit != null && contains(thrown, failure.thrown, 0)) {
                return failure.unit.name();
            }
        }
        return "";
    }

    /** {@return whether what has come through the chain is a deadline that has passed} */
    public synchronized boolean isDeadline(Throwable thrown) {
        return failures.stream()
                .anyMatch(failure -> failure.thrown instanceof DeadlinePassed && contains(thrown, failure.thrown, 0));
    }

    /** {@return whether an exception is another one, or has it among its causes and what they suppressed} */
    private static boolean contains(Throwable thrown, Throwable other, int depth) {
        if (thrown == other) {
            return true;
        }
        if (thrown == null || depth == CAUSES) {
            return false;
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (contains(suppressed, other, depth + 1)) {
                return true;
            }
        }
        Throwable cause;
        try {
            cause = thrown.getCause();
        } catch (RuntimeException | Error theBundlesOwnMethod) {
            return false;
        }
        return contains(cause, other, depth + 1);
    }

    /**
     * Logs what hasn't been logged yet, and forgets the exceptions.
     *
     * @param request the request, as it may stand in the log
     * @param stacks which stacks the log has had lately
     */
    public void report(String request, ShownStacks stacks) {
        List<Failure> all;
        int more;
        synchronized (this) {
            all = List.copyOf(failures);
            more = notShown;
            failures.clear();
            notShown = 0;
        }
        for (Failure failure : all) {
            if (!failure.outcome.isEmpty()) {
                String whose = failure.unit == null ? "what stands behind the chain" : failure.unit.described();
                // The text and not the exception: an appender may keep its records.
                LOG.error(
                        "incident {}: {} failed on {}: {}: {}",
                        incident,
                        whose,
                        request,
                        failure.outcome,
                        stacks.text(whose, failure.thrown, incident));
            }
        }
        if (more > 0) {
            LOG.error("incident {}: {} more failures on {} are counted, and not shown", incident, more, request);
        }
    }
}
