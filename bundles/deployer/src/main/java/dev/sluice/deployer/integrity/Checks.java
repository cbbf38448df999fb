package dev.sluice.deployer.integrity;

import dev.sluice.deployer.ArtifactCheck;
import dev.sluice.deployer.CheckOutcome;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * The checks that others have registered. Only references are kept: a check is got when it is asked, on the thread that asks
 * it, because getting it may run its code. Safe for any thread.
 */
public final class Checks implements AutoCloseable {

    /** Asks a check something. */
    @FunctionalInterface
    interface Question {
        CheckOutcome ask(ArtifactCheck check) throws Exception;
    }

    /**
     * One of them.
     *
     * @param name what operators know it by
     * @param reference how it is got
     */
    record Named(String name, ServiceReference<ArtifactCheck> reference) {}

    private final BundleContext context;
    private final ServiceTracker<ArtifactCheck, ServiceReference<ArtifactCheck>> tracker;

    /** @param changed run when one has come, changed or gone; on any thread, with locks of others perhaps, so it must not wait */
    public Checks(BundleContext context, Runnable changed) {
        this.context = context;
        this.tracker = new ServiceTracker<>(context, ArtifactCheck.class, new References(changed));
        tracker.open();
    }

    private record References(Runnable changed)
            implements ServiceTrackerCustomizer<ArtifactCheck, ServiceReference<ArtifactCheck>> {
        @Override
        public ServiceReference<ArtifactCheck> addingService(ServiceReference<ArtifactCheck> reference) {
            changed.run();
            return reference;
        }

        @Override
        public void modifiedService(ServiceReference<ArtifactCheck> reference, ServiceReference<ArtifactCheck> same) {
            changed.run();
        }

        @Override
        public void removedService(ServiceReference<ArtifactCheck> reference, ServiceReference<ArtifactCheck> same) {
            changed.run();
        }
    }

    /** {@return those that are there now, in the order in which they are asked: the highest ranking first} */
    List<Named> present() {
        ServiceReference<ArtifactCheck>[] references = tracker.getServiceReferences();
        return references == null
                ? List.of()
                : Stream.of(references)
                        .sorted(Collections.reverseOrder())
                        .map(reference -> new Named(name(reference), reference))
                        .toList();
    }

    private static String name(ServiceReference<ArtifactCheck> reference) {
        Object name = reference.getProperty(ArtifactCheck.NAME);
        if (name instanceof String text && !text.isBlank()) {
            return text.strip();
        }
        return reference.getBundle() == null
                ? "a check that has just gone"
                : reference.getBundle().getSymbolicName();
    }

    /** {@return the names of those that are there now} */
    static Set<String> names(List<Named> checks) {
        return checks.stream().map(Named::name).collect(Collectors.toUnmodifiableSet());
    }

    /** {@return something that is equal as long as none comes, changes or goes} */
    Object fingerprint() {
        // Not the references themselves: they would keep alive what has gone.
        return List.of(
                tracker.getTrackingCount(),
                present().stream()
                        .map(check -> check.reference().getProperty(Constants.SERVICE_ID))
                        .toList());
    }

    /** {@return the answer of a check} */
    CheckOutcome ask(Named check, Question question) throws Exception {
        ArtifactCheck service = context.getService(check.reference());
        if (service == null) {
            return CheckOutcome.waiting("it has just gone; it is asked when it is there again");
        }
        try {
            return question.ask(service);
        } finally {
            context.ungetService(check.reference());
        }
    }

    @Override
    public void close() {
        tracker.close();
    }
}
