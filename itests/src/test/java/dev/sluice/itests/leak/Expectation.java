package dev.sluice.itests.leak;

import dev.sluice.itests.harness.Status.Unload;
import java.util.List;
import java.util.Optional;

/**
 * What the verdict on one bundle of the table has to be.
 *
 * @param pattern its row
 * @param version its version
 * @param leaks whether the class loader stays
 * @param isFound whether what holds it, or held it, is named
 * @param isCleaned whether something was cleaned up
 */
record Expectation(LeakPattern pattern, String version, boolean leaks, boolean isFound, boolean isCleaned) {

    /** In the name of a lambda's class. */
    private static final String LAMBDA = "$$Lambda";

    /** {@return what a clean twin has to get} */
    static Expectation clean(LeakPattern pattern, String version) {
        return new Expectation(pattern, version, false, false, false);
    }

    /** {@return what a leaky one has to get} */
    static Expectation leaky(LeakPattern pattern, String version, int java, boolean cleaning) {
        boolean holds = pattern.holds(java);
        boolean isCleaned = holds && cleaning && pattern.cleanable();
        return new Expectation(
                pattern, version, holds && !isCleaned, holds && !pattern.kind().isEmpty(), isCleaned);
    }

    /** {@return what is wrong with what was seen, if anything is} */
    Optional<String> complaint(Verdicts verdicts) {
        String name = LeakBundles.symbolicName(pattern);
        Optional<Unload> seen = verdicts.of(name, version);
        if (seen.isEmpty()) {
            return Optional.of(pattern.name() + ": no verdict");
        }
        Unload unload = seen.get();
        boolean leaked = verdicts.hasLeaked(name, version);
        String what = pattern.name() + " is " + unload.verdict() + (leaked ? ", and was LEAKED" : "") + ", culprits "
                + unload.kinds() + unload.culprits() + ", cleaned " + unload.cleaned() + ", unseen " + unload.unseen();
        if (leaks ? !leaked : leaked || !unload.verdict().equals("COLLECTED")) {
            return Optional.of((leaks ? "should have leaked: " : "should be collected: ") + what);
        }
        List<String> kinds = unload.kinds();
        if (isFound ? !kinds.contains(pattern.kind()) : !kinds.stream().allMatch(this::isSoft)) {
            return Optional.of((isFound ? "lacks " + pattern.kind() + ": " : "is accused: ") + what);
        }
        if (isCleaned && unload.cleaned().isEmpty()) {
            return Optional.of("wasn't cleaned up: " + what);
        }
        if (what.contains(LAMBDA)) {
            return Optional.of("names a class that is another one with each start: " + what);
        }
        return unload.unseen().isEmpty() ? Optional.empty() : Optional.of("couldn't be looked at: " + what);
    }

    /** Caches of the JDK's are named, but nobody is accused of them: they hold softly. */
    private boolean isSoft(String kind) {
        return kind.equals("CACHE") && pattern.kind().equals(kind);
    }
}
