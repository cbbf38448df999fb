package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.Verdict;
import java.util.List;
import java.util.Set;

/**
 * Everything that settled together. A file is in one of the three at most.
 *
 * @param accepted new content, verified: of a new file, or another content of a known one
 * @param refused files that won't be deployed; what was deployed from the same file earlier is not concerned
 * @param gone the names of files that were there, or known from the start, and are not there any more
 */
public record Batch(List<Artifact> accepted, List<Verdict.Refused> refused, Set<String> gone) {

    /** Keeps its own copies. */
    public Batch {
        accepted = List.copyOf(accepted);
        refused = List.copyOf(refused);
        gone = Set.copyOf(gone);
    }

    /** {@return whether there is nothing in it} */
    public boolean isEmpty() {
        return accepted.isEmpty() && refused.isEmpty() && gone.isEmpty();
    }
}
