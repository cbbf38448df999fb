package dev.sluice.chain;

import java.util.Map;

/**
 * A traffic rule that comes with a release, and goes with it.
 *
 * @param file the release's file, by which operators know it
 * @param texts what it says, with the keys of an operator's rule: {@code middleware} or {@code bundle}, {@code weights}, {@code
 *     sticky}, {@code canary} and {@code canary.header}
 */
public record ReleaseRule(String file, Map<String, String> texts) {

    /** Keeps its own copy of the map. */
    public ReleaseRule {
        texts = Map.copyOf(texts);
    }
}
