package dev.sluice.deployer.deployed;

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

    /** {@return all that is deployed from a file in the folder: one, or a release and its bundles} */
    public synchronized List<Deployed> of(String file) {
        return byFile.values().stream()
                .filter(deployed -> deployed.artifact().inFolder().equals(file))
                .toList();
    }

    /** {@return what holds of a release if it does of one of its bundles, and of all else as given} */
    public Predicate<Deployed> orAPart(Predicate<Deployed> predicate) {
        return deployed ->
                deployed.isRelease() ? of(deployed.file()).stream().anyMatch(predicate) : predicate.test(deployed);
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
