package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.ledger.PublishedArtifact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files whose content is deployed from another file, their twin: nothing comes of them until the twin goes. Confined to the
 * deployer's thread.
 */
final class Duplicates {

    private final Parts parts;
    private final Failures failures;
    private final Map<String, Artifact> byFile = new HashMap<>();

    Duplicates(Parts parts, Failures failures) {
        this.parts = parts;
        this.failures = failures;
    }

    /** {@return all of them, by file, as they are at any time} */
    Map<String, Artifact> byFile() {
        return Collections.unmodifiableMap(byFile);
    }

    /** {@return all of them, and those that an undertaking has found, by file} */
    Map<String, Artifact> with(Undertaking undertaking) {
        Map<String, Artifact> both = new HashMap<>(byFile);
        both.putAll(undertaking.duplicates());
        return both;
    }

    /** The file has gone, has other content, or has taken over what was its twin's. */
    void remove(String file) {
        byFile.remove(file);
    }

    /** An undertaking has found one. It counts when that is over: its twin may fail still. */
    void found(BatchPlan.Duplicate duplicate, Undertaking undertaking) {
        Artifact artifact = duplicate.artifact();
        undertaking.duplicates().put(artifact.file(), artifact);
        parts.attempts().at(artifact.file()).to(DeploymentState.DUPLICATE, "same content as " + duplicate.twin());
        parts.folder().clearMarker(artifact.file());
    }

    /**
     * An undertaking is over. A twin that failed takes its duplicates with it, and one that went meanwhile leaves the content
     * to them.
     *
     * @param standing what is deployed
     * @return those without a twin, which are to be deployed themselves
     */
    List<Artifact> settle(Undertaking undertaking, BringUp.Result result, Collection<PublishedArtifact> standing) {
        Map<String, String> failed = result.failed().keySet().stream()
                .collect(Collectors.toMap(Artifact::sha256, Artifact::file, (one, other) -> one));
        Set<String> there = Stream.concat(
                        standing.stream().map(PublishedArtifact::sha256),
                        result.good().stream()
                                .map(candidate -> candidate.artifact().sha256()))
                .collect(Collectors.toSet());
        List<Artifact> orphans = new ArrayList<>();
        undertaking.duplicates().forEach((file, artifact) -> {
            if (failed.containsKey(artifact.sha256())) {
                String twin = failed.get(artifact.sha256());
                failures.fail(artifact, Failure.ofBundles("same content as " + twin + ", which failed"));
            } else if (there.contains(artifact.sha256())) {
                byFile.put(file, artifact);
            } else {
                orphans.add(artifact);
            }
        });
        return orphans;
    }
}
