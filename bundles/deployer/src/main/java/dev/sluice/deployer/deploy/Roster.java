package dev.sluice.deployer.deploy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What is deployed from each file. The deployer's thread changes it at a publish, and an operator's thread where the
 * operator takes a bundle away; each method is one short critical section.
 */
public final class Roster {

    private final Map<String, Deployed> byFile = new LinkedHashMap<>();

    /** Takes the place of what was deployed from the same file. */
    public synchronized void put(Deployed deployed) {
        byFile.put(deployed.file(), deployed);
    }

    /** Forgets what is deployed from a file, if it is this. */
    public synchronized void remove(Deployed deployed) {
        byFile.computeIfPresent(deployed.file(), (file, now) -> now.entry() == deployed.entry() ? null : now);
    }

    public synchronized Optional<Deployed> find(String file) {
        return Optional.ofNullable(byFile.get(file));
    }

    /** {@return what the bundle with an id is deployed from} */
    public synchronized Optional<Deployed> ofBundle(long bundleId) {
        Predicate<Deployed> isIt = deployed -> deployed.bundleId().equals(OptionalLong.of(bundleId));
        return byFile.values().stream().filter(isIt).findFirst();
    }

    /** An operator has uninstalled its bundle. */
    public synchronized void bundleGone(String file) {
        byFile.computeIfPresent(file, (name, deployed) -> deployed.withoutBundle());
    }

    public synchronized List<Deployed> all() {
        return List.copyOf(byFile.values());
    }
}
