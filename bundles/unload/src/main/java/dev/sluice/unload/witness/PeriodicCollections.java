package dev.sluice.unload.witness;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * Has G1 mark the heap beside the application. {@code System.gc()} would stop it for as long as a full collection takes; but the
 * interval of G1's periodic collections may be changed while it runs, and those are concurrent. A young class loader has to
 * survive about sixteen of them before one can take it: so they come one after another, until {@link #end}.
 */
final class PeriodicCollections implements Collections {

    /** Where it is off a periodic collection is a full one, of which a single one does: see {@link ExplicitCollections}. */
    private static final String CONCURRENT = "G1PeriodicGCInvokesConcurrent";

    private static final String INTERVAL = "G1PeriodicGCInterval";

    /** In milliseconds. G1 begins one only if there was no collection for that long. */
    private static final String SHORT = "100";

    private final HotSpotDiagnosticMXBean jvm;

    /** What the operator has set, while it is changed. */
    private Optional<String> before = Optional.empty();

    private PeriodicCollections(HotSpotDiagnosticMXBean jvm) {
        this.jvm = jvm;
    }

    /** {@return empty unless this JVM has G1, and lets us change the interval} */
    static Optional<Collections> ofThisJvm() {
        try {
            return of(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class));
        } catch (LinkageError e) {
            // One without the module jdk.management.
            return Optional.empty();
        }
    }

    /** {@return empty unless a JVM has G1, lets us change the interval, and does periodic collections beside the application} */
    static Optional<Collections> of(HotSpotDiagnosticMXBean jvm) {
        try {
            return jvm != null
                            && Boolean.parseBoolean(jvm.getVMOption("UseG1GC").getValue())
                            && Boolean.parseBoolean(jvm.getVMOption(CONCURRENT).getValue())
                            && jvm.getVMOption(INTERVAL).isWriteable()
                    ? Optional.of(new PeriodicCollections(jvm))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Another JVM.
            return Optional.empty();
        }
    }

    @Override
    public void begin() {
        if (before.isEmpty()) {
            before = Optional.of(jvm.getVMOption(INTERVAL).getValue());
            jvm.setVMOption(INTERVAL, SHORT);
        }
    }

    @Override
    public void end() {
        before.ifPresent(value -> jvm.setVMOption(INTERVAL, value));
        before = Optional.empty();
    }

    @Override
    public long count() {
        return ExplicitCollections.counted();
    }
}
