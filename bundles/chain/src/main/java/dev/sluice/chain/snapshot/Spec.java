package dev.sluice.chain.snapshot;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.limit.Limits;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.middleware.MiddlewareProperties;
import dev.sluice.middleware.OnFailure;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

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

    /**
     * Parses patterns.
     *
     * @param texts what an author or an operator has written
     * @return the patterns
     * @throws IllegalArgumentException if one is none; the message says what is wrong with it
     */
    public static List<PathPattern> patterns(Collection<String> texts) {
        return texts.stream().map(String::trim).map(PathPattern::parse).toList();
    }

    /**
     * Parses a failure mode.
     *
     * @param text what an author or an operator has written
     * @return the mode
     * @throws IllegalArgumentException if it is none; the message says which there are
     */
    public static FailureMode failureMode(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case OnFailure.CLOSED -> FailureMode.CLOSED;
            case OnFailure.OPEN -> FailureMode.OPEN;
            default ->
                throw new IllegalArgumentException("\"" + text + "\" is no failure mode: "
                        + MiddlewareProperties.ON_FAILURE + " is \"closed\" or \"open\"");
        };
    }
}
