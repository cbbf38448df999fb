package dev.sluice.chain.snapshot;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.limit.Limits;
import dev.sluice.chain.path.PathPattern;
import java.util.List;

/**
 * Where a middleware stands and what it guards: by its own properties, or with an operator's override applied.
 *
 * @param ranking higher runs earlier
 * @param paths the patterns of the paths on which it runs
 * @param onFailure what happens to requests when it fails or is missing
 * @param limits the bounds that an operator has set; a middleware sets none for itself
 */
public record Spec(int ranking, List<PathPattern> paths, FailureMode onFailure, Limits limits) {

    /** Keeps its own copy of the patterns. */
    public Spec {
        paths = List.copyOf(paths);
    }

    /** One without limits. */
    public Spec(int ranking, List<PathPattern> paths, FailureMode onFailure) {
        this(ranking, paths, onFailure, Limits.NONE);
    }

    /** {@return the patterns as text} */
    public List<String> pathTexts() {
        return paths.stream().map(PathPattern::toString).toList();
    }
}
