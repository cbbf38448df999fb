package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.DeclaredMiddleware;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells whether content that was handed over stands in the place of a file that is missing. Then the removal needs no
 * waiting for, and the two belong into one generation. No state.
 */
final class Replacement {

    private final Intake intake;

    Replacement(Intake intake) {
        this.intake = intake;
    }

    /** {@return whether one of them is the missing file under another name} */
    boolean isRenamed(String sha256, Collection<Artifact> accepted) {
        return accepted.stream().anyMatch(artifact -> artifact.sha256().equals(sha256));
    }

    /** {@return whether one of them, which came under a new name, is the same bundle or declares the same middleware} */
    boolean isSucceeded(String missing, String sha256, Collection<Artifact> arrived) {
        if (arrived.isEmpty()) {
            return false;
        }
        Optional<Artifact> old = intake.recall(missing, sha256);
        return old.isPresent() && arrived.stream().anyMatch(artifact -> isAkin(artifact, old.get()));
    }

    private static boolean isAkin(Artifact one, Artifact other) {
        return one.symbolicName().equals(other.symbolicName()) || !Collections.disjoint(names(one), names(other));
    }

    private static Set<String> names(Artifact artifact) {
        return artifact.declared().stream()
                .map(DeclaredMiddleware::name)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }
}
