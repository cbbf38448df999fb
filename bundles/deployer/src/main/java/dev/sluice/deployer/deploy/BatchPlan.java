package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
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
import java.util.stream.Stream;

/**
 * What is to be done about the accepted artifacts of a batch, by their names and contents alone. Each artifact is in one of
 * the four.
 *
 * @param candidates to be deployed, in the order of their file names
 * @param unchanged the same content as is deployed from the same file
 * @param duplicates what another file has deployed already, or is to deploy, or supersedes
 * @param clashes refused, and why: another file has the same symbolic name and version, but other content
 */
record BatchPlan(
        List<Artifact> candidates,
        List<Artifact> unchanged,
        List<Duplicate> duplicates,
        Map<Artifact, String> clashes) {

    /**
     * An artifact of which nothing comes, because of another.
     *
     * @param artifact the artifact
     * @param twin the other's file
     * @param state what it is: one with the same content, or one that is superseded
     * @param message what is said of it
     */
    record Duplicate(Artifact artifact, String twin, DeploymentState state, String message) {
        static Duplicate sameContent(Artifact artifact, String twin) {
            return new Duplicate(artifact, twin, DeploymentState.DUPLICATE, "same content as " + twin);
        }

        static Duplicate superseded(Artifact artifact, String by, String message) {
            return new Duplicate(artifact, by, DeploymentState.SUPERSEDED, message);
        }
    }

    /** The last one of a name is to be deployed: the highest version, or that whose file's name comes last. */
    private static final Comparator<Artifact> RELEASES_LAST = (one, other) -> {
        int byVersion = Supersession.compare(one.version(), other.version());
        return byVersion != 0 ? byVersion : one.file().compareTo(other.file());
    };

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
                plan.duplicates.add(Duplicate.sameContent(artifact, twin.get()));
                return;
            }
            Optional<Duplicate> superseded = superseded(artifact, standing, changed, gone);
            if (superseded.isPresent()) {
                plan.duplicates.add(superseded.get());
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

    private static Optional<Duplicate> superseded(
            Artifact artifact,
            Collection<PublishedArtifact> standing,
            Map<String, Artifact> changed,
            Set<String> gone) {
        if (artifact.release().isEmpty()) {
            return Optional.empty();
        }
        Optional<Duplicate> byOneThatStands = standing.stream()
                .filter(other -> Supersession.areRivals(other, artifact))
                .filter(other -> !gone.contains(other.file()) && !changed.containsKey(other.file()))
                .filter(other -> Supersession.goesBefore(other, artifact))
                .findFirst()
                .map(other -> Duplicate.superseded(artifact, other.file(), Supersession.message(other)));
        return byOneThatStands.or(() -> changed.values().stream()
                .filter(other -> other.release().isPresent()
                        && other.symbolicName().equals(artifact.symbolicName())
                        && !other.file().equals(artifact.file())
                        && !other.sha256().equals(artifact.sha256()))
                .max(RELEASES_LAST)
                .filter(other -> RELEASES_LAST.compare(other, artifact) > 0)
                .map(other -> Duplicate.superseded(artifact, other.file(), Supersession.message(other.file(), other))));
    }

    private Optional<String> twin(Artifact artifact, Collection<PublishedArtifact> standing) {
        Optional<String> deployed = standing.stream()
                .filter(other -> other.sha256().equals(artifact.sha256()))
                .map(PublishedArtifact::file)
                .findFirst();
        return deployed.or(() -> candidates.stream()
                .flatMap(other -> Stream.concat(Stream.of(other), other.bundles().stream()))
                .filter(other -> other.sha256().equals(artifact.sha256()))
                .map(Artifact::file)
                .findFirst());
    }

    private Optional<String> clash(
            Artifact artifact,
            Collection<PublishedArtifact> standing,
            Map<String, Artifact> changed,
            Set<String> gone) {
        return artifact.bundles().stream()
                .flatMap(bundle -> clash(bundle, artifact, standing, changed, gone).stream())
                .reduce((one, other) -> one + "; " + other);
    }

    private Optional<String> clash(
            Artifact bundle,
            Artifact whole,
            Collection<PublishedArtifact> standing,
            Map<String, Artifact> changed,
            Set<String> gone) {
        Set<String> superseded = standing.stream()
                .filter(other -> Supersession.areRivals(other, whole))
                .map(PublishedArtifact::file)
                .collect(Collectors.toSet());
        Optional<String> deployed = standing.stream()
                .filter(other -> !other.isRelease() && !other.inFolder().equals(whole.file()))
                .filter(other -> other.symbolicName().equals(bundle.symbolicName())
                        && other.version().equals(bundle.version()))
                .filter(other -> !gone.contains(other.inFolder())
                        && !changed.containsKey(other.inFolder())
                        && !superseded.contains(other.inFolder()))
                .map(PublishedArtifact::file)
                .findFirst();
        return deployed.or(() -> candidates.stream()
                        .flatMap(other -> other.bundles().stream())
                        .filter(other -> isSameVersion(other, bundle))
                        .map(Artifact::file)
                        .findFirst())
                .map(file -> clashMessage(bundle, file));
    }

    static String clashMessage(Artifact artifact, String file) {
        return ArtifactNames.isMember(artifact.file()) || ArtifactNames.isMember(file)
                ? artifact.file() + " is " + artifact.symbolicName() + " " + artifact.version()
                        + ", as " + file + " is: remove " + ArtifactNames.file(file)
                        + ", or give one of the two another version"
                : file + " is " + artifact.symbolicName() + " " + artifact.version()
                        + " too, with other content: overwrite " + file
                        + ", remove it, or give this one another version";
    }

    private static boolean isSameVersion(Artifact one, Artifact other) {
        return one.symbolicName().equals(other.symbolicName()) && one.version().equals(other.version());
    }
}
