package dev.sluice.itests.leak;

import dev.sluice.itests.harness.Status;
import dev.sluice.itests.harness.Status.Unload;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the status said of each version that left, gathered while it is looked at again and again: it forgets, in time, what was
 * collected. Safe to use by several threads.
 */
final class Verdicts {

    private final Map<String, Unload> latest = new ConcurrentHashMap<>();
    private final Set<String> leaked = ConcurrentHashMap.newKeySet();

    /** Takes in a status. */
    void see(Status status) {
        for (Unload unload : status.unloads()) {
            String version = version(unload.symbolicName(), unload.version());
            // What is collected is so for good: an older status, seen late, says nothing new.
            latest.merge(version, unload, (before, now) -> before.verdict().equals("COLLECTED") ? before : now);
            if (unload.verdict().equals("LEAKED")) {
                leaked.add(version);
            }
        }
    }

    /** {@return what was said last of a version} */
    Optional<Unload> of(String symbolicName, String version) {
        return Optional.ofNullable(latest.get(version(symbolicName, version)));
    }

    /** {@return whether it was ever said to have leaked} */
    boolean hasLeaked(String symbolicName, String version) {
        return leaked.contains(version(symbolicName, version));
    }

    private static String version(String symbolicName, String version) {
        return symbolicName + " " + version;
    }
}
