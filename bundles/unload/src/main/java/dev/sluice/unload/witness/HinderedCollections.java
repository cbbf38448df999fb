package dev.sluice.unload.witness;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Asks for nothing, in a JVM that was started with options by which no collection that may be asked for takes class loaders. Full
 * collections instead of those beside the application would take them, but whoever sets such an option minds pauses.
 *
 * @param hinders why, in a sentence that says what to do
 */
record HinderedCollections(String hinders) implements Collections {

    /** {@return empty if collections that are asked for take class loaders, or nobody knows} */
    static Optional<Collections> ofThisJvm() {
        try {
            HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return jvm == null
                    ? Optional.empty()
                    : by(option -> isOn(jvm, option)).map(HinderedCollections::new);
        } catch (LinkageError e) {
            // Without the module jdk.management.
            return Optional.empty();
        }
    }

    /** {@return what hinders, by the options that are on} */
    static Optional<String> by(Predicate<String> isOn) {
        boolean periodic = isOn.test("UseG1GC");
        if (!isOn.test("ClassUnloading")) {
            return Optional.of(sentence("-XX:-ClassUnloading", "no collection takes class loaders"));
        }
        if (periodic && !isOn.test("ClassUnloadingWithConcurrentMark")) {
            return Optional.of(sentence(
                    "-XX:-ClassUnloadingWithConcurrentMark",
                    "collections beside the application take no class loaders"));
        }
        if (!periodic && isOn.test("DisableExplicitGC")) {
            return Optional.of(sentence("-XX:+DisableExplicitGC", "no collection can be asked for"));
        }
        return Optional.empty();
    }

    private static String sentence(String option, String effect) {
        return "With " + option + " " + effect
                + ", so verdicts may never come: start the JVM without it, or set unload.probe=off"
                + " in conf/dev.sluice.unload.cfg";
    }

    /** An option that a JVM doesn't know doesn't hinder: of those that are asked for, one is off by default. */
    private static boolean isOn(HotSpotDiagnosticMXBean jvm, String option) {
        try {
            return Boolean.parseBoolean(jvm.getVMOption(option).getValue());
        } catch (IllegalArgumentException e) {
            return option.startsWith("ClassUnloading");
        }
    }

    @Override
    public void begin() {
        // Nobody is asked.
    }

    @Override
    public void end() {
        // Nothing was changed.
    }

    @Override
    public long count() {
        return ExplicitCollections.counted();
    }

    @Override
    public Optional<String> hindered() {
        return Optional.of(hinders);
    }
}
