package dev.sluice.deployer.deploy;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.ReservedPlace;
import dev.sluice.deployer.artifact.Artifact;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The places that are kept for artifacts that should run and don't, by file. Confined to the deployer's thread. */
public final class Reservations {

    private final ChainControl chain;
    private final Map<String, List<ReservedPlace>> byFile = new TreeMap<>();

    public Reservations(ChainControl chain) {
        this.chain = chain;
    }

    /** Keeps places for a file, until they are dropped. */
    public void put(String file, List<ReservedPlace> places) {
        if (!places.isEmpty() && !places.equals(byFile.put(file, places))) {
            tellTheChain();
        }
    }

    /** Keeps the places that artifacts declare. The manifest tells no ranking: they stand where the default one is. */
    void putDeclared(Collection<Artifact> artifacts) {
        artifacts.forEach(artifact -> put(artifact.file(), declaredBy(artifact)));
    }

    private static List<ReservedPlace> declaredBy(Artifact artifact) {
        return artifact.declared().stream()
                .map(declared -> new ReservedPlace(
                        declared.name().orElse(artifact.symbolicName()),
                        artifact.symbolicName(),
                        0,
                        declared.paths(),
                        declared.failOpen() ? FailureMode.OPEN : FailureMode.CLOSED))
                .toList();
    }

    /** The file's artifact is there, or isn't wanted any more. */
    void drop(String file) {
        if (byFile.remove(file) != null) {
            tellTheChain();
        }
    }

    boolean has(String file) {
        return byFile.containsKey(file);
    }

    private void tellTheChain() {
        chain.reserve(byFile.values().stream().flatMap(List::stream).toList());
    }
}
