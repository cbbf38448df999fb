package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.ledger.PublishedArtifact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is to be done about the accepted artifacts of a batch, by their names and contents alone. Each artifact is in one of
 * the four.
 *
 * @param candidates to be deployed, in the order of their file names
 * @param unchanged the same content as is deployed from the same file
 * @param duplicates the same content as is deployed, or to be deployed, from another file
 * @param clashes refused, and why: another file has the same symbolic name and version, but other content
 */
record BatchPlan(
        List<Artifact> candidates,
        List<Artifact> unchanged,
        List<Duplicate> duplicates,
        Map<Artifact, String> clashes) {

    /**
     * An artifact with the same content as another.
     *
     * @param artifact the artifact
     * @param twin the other's file
     */
    record Duplicate(Artifact artifact, String twin) {}

    /**
     * @param accepted the artifacts
     * @param gone the files that have left the folder
     * @param standing what is deployed
     */
    static BatchPlan of(Collection<Artifact> accepted, Set<String> gone, Collection<PublishedArtifact> standing) {
        Map<String, PublishedArtifact> byFile =
                standing.stream().collect(Collectors.toMap(PublishedArtifact::file, Function.identity()));
        Map<String, Artifact> changed = accepted.stream()
                .filter(artifact -> !isSameContent(artifact, byFile.get(artifact.file())))
                .collect(Collectors.toMap(Artifact::file, Function.identity()));
        BatchPlan plan = new BatchPlan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
        accepted.stream().sorted(Comparator.comparing(Artifact::file)).forEach(artifact -> {
            if (!changed.containsKey(artifact.file())) {
                plan.unchanged.add(artifact);
                return;
            }
            Optional<String> twin = plan.twin(artifact, standing);
            if (twin.isPresent()) {
                plan.duplicates.add(new Duplicate(artifact, twin.get()));
                return;
            }
            Optional<String> clash = plan.clash(artifact, standing, changed, gone);
            if (clash.isPresent()) {
                plan.clashes.put(artifact, clash.get());
                return;
            }
            plan.candidates.add(artifact);
        });
        return plan;
    }

    private static boolean isSameContent(Artifact artifact, PublishedArtifact deployed) {
        return deployed != null && deployed.sha256().equals(artifact.sha256());
    }

    private Optional<String> twin(Artifact artifact, Collection<PublishedArtifact> standing) {
        Optional<String> deployed = standing.stream()
                .filter(other -> other.sha256().equals(artifact.sha256()))
                .map(PublishedArtifact::file)
                .findFirst();
        return deployed.or(() -> candidates.stream()
                .filter(other -> other.sha256().equals(artifact.sha256()))
                .map(Artifact::file)
                .findFirst());
    }

    private Optional<String> clash(
            Artifact artifact,
            Collection<PublishedArtifact> standing,
            Map<String, Artifact> changed,
            Set<String> gone) {
        Optional<String> deployed = standing.stream()
                .filter(other -> !other.file().equals(artifact.file()))
                .filter(other -> other.symbolicName().equals(artifact.symbolicName())
                        && other.version().equals(artifact.version()))
                .map(PublishedArtifact::file)
                .filter(file -> !gone.contains(file) && !changed.containsKey(file))
                .findFirst();
        return deployed.or(() -> candidates.stream()
                        .filter(other -> isSameVersion(other, artifact))
                        .map(Artifact::file)
                        .findFirst())
                .map(file -> clashMessage(artifact, file));
    }

    static String clashMessage(Artifact artifact, String file) {
        return file + " is " + artifact.symbolicName() + " " + artifact.version()
                + " too, with other content: overwrite " + file + ", remove it, or give this one another version";
    }

    private static boolean isSameVersion(Artifact one, Artifact other) {
        return one.symbolicName().equals(other.symbolicName()) && one.version().equals(other.version());
    }
}
