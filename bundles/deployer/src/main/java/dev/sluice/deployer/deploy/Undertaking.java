package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.DeclaredMiddleware;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Motive;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.trial.BringUp;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What one batch asks for, from its settling to its publish. Later news of a file take that file out of it. Confined to the
 * deployer's thread.
 */
final class Undertaking {

    private final Map<String, Artifact> artifacts = new LinkedHashMap<>();
    private final Set<String> gone;
    private final Map<String, Set<String>> namesByFile = new HashMap<>();
    private final Map<String, Artifact> duplicates = new HashMap<>();
    private Optional<BringUp> bringUp = Optional.empty();
    private Motive motive = Motive.FOLDER;
    private long begunAt;

    /**
     * @param artifacts what is to be deployed
     * @param gone the files that have left the folder
     * @param standing tells what is deployed from a file
     */
    Undertaking(Collection<Artifact> artifacts, Set<String> gone, Function<String, List<Deployed>> standing) {
        this.gone = new HashSet<>(gone);
        artifacts.forEach(artifact -> {
            this.artifacts.put(artifact.file(), artifact);
            names(artifact.file()).addAll(names(artifact));
        });
        gone.forEach(this::names);
        namesByFile.forEach(
                (file, names) -> standing.apply(file).forEach(deployed -> names.addAll(names(deployed.artifact()))));
    }

    /** Has it wait for others of this kind, and them for it. */
    void oneAtATime(String kind) {
        namesByFile.values().forEach(names -> names.add(kind));
    }

    /** {@return itself, undertaken for another reason than that the folder has changed} */
    Undertaking by(Motive other) {
        motive = other;
        return this;
    }

    Motive motive() {
        return motive;
    }

    private Set<String> names(String file) {
        return namesByFile.computeIfAbsent(file, any -> new HashSet<>(Set.of("file " + file)));
    }

    private static Set<String> names(Artifact artifact) {
        Set<String> names = new HashSet<>();
        artifact.release().ifPresent(content -> names.add("release " + artifact.symbolicName()));
        artifact.bundles().forEach(bundle -> names.add("bundle " + bundle.symbolicName()));
        artifact.declared().stream()
                .map(DeclaredMiddleware::name)
                .flatMap(Optional::stream)
                .forEach(name -> names.add("middleware " + name));
        return names;
    }

    private static Set<String> names(PublishedArtifact published) {
        String kind = published.isRelease() ? "release " : "bundle ";
        Set<String> names = new HashSet<>(Set.of(kind + published.symbolicName()));
        published.places().stream().map(PublishedPlace::name).forEach(name -> names.add("middleware " + name));
        return names;
    }

    /** {@return whether the two concern the same file, symbolic name or middleware, so that their order counts} */
    boolean touches(Undertaking other) {
        Set<String> names = new HashSet<>();
        other.namesByFile.values().forEach(names::addAll);
        return namesByFile.values().stream().anyMatch(mine -> !Collections.disjoint(mine, names));
    }

    /** There is other news of a file. */
    void supersede(String file) {
        artifacts.remove(file);
        gone.remove(file);
        duplicates.remove(file);
        namesByFile.remove(file);
        bringUp.ifPresent(running -> running.supersede(file));
    }

    boolean hasFile(String file) {
        return namesByFile.containsKey(file);
    }

    /** {@return whether this very content is about to be deployed from its file, or is tried, and hasn't failed} */
    boolean has(Artifact artifact) {
        return Optional.ofNullable(artifacts.get(artifact.file()))
                .filter(mine -> mine.sha256().equals(artifact.sha256()))
                .filter(mine -> duplicates.containsKey(mine.file())
                        || bringUp.map(running -> running.isTrying(mine)).orElse(true))
                .isPresent();
    }

    boolean isEmpty() {
        return namesByFile.isEmpty();
    }

    Collection<Artifact> artifacts() {
        return artifacts.values();
    }

    Set<String> gone() {
        return Set.copyOf(gone);
    }

    /** {@return files of it that have the content of another, by name; they count when it is published} */
    Map<String, Artifact> duplicates() {
        return duplicates;
    }

    void begun(BringUp started, long publishes) {
        bringUp = Optional.of(started);
        begunAt = publishes;
    }

    Optional<BringUp> bringUp() {
        return bringUp;
    }

    /** {@return how many publishes there had been when it began} */
    long begunAt() {
        return begunAt;
    }
}
