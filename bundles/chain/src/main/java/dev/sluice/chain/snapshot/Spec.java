package dev.sluice.chain.snapshot;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.path.PathPattern;
import java.util.List;

/**
 * Where a middleware stands and what it guards: by its own properties, or with an operator's override applied.
 *
 * @param ranking higher runs earlier
 * @param paths the patterns of the paths on which it runs
 * @param onFailure what happens to requests when it fails or is missing
 */
public record Spec(int ranking, List<PathPattern> paths, FailureMode onFailure) {

    /** Keeps its own copy of the patterns. */
    public Spec {
        paths = List.copyOf(paths);
    }

    /** {@return the patterns as text} */
    public List<String> pathTexts() {
        return paths.stream().map(PathPattern::toString).toList();
    }
}
