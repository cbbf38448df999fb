package dev.sluice.deployer;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bundle, as an {@link ArtifactCheck} is shown it before it is installed.
 *
 * @param file the file that it came in
 * @param symbolicName its symbolic name
 * @param version its version, normalised ({@code 1.0} is {@code 1.0.0})
 * @param headers the main headers of its manifest; looked up in whatever case
 * @param middleware the middleware that its manifest declares; empty for a library, and for a bundle that declares nothing
 */
public record ArtifactBundle(
        ArtifactFile file,
        String symbolicName,
        String version,
        Map<String, String> headers,
        List<Declared> middleware) {

    /** Keeps its own copies. */
    public ArtifactBundle {
        Map<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        own.putAll(headers);
        headers = Collections.unmodifiableMap(own);
        middleware = List.copyOf(middleware);
    }

    /**
     * A middleware that a bundle declares.
     *
     * @param name its name, if it is declared
     * @param paths the patterns of the paths that it runs on
     * @param failOpen whether requests pass when it is missing
     */
    public record Declared(Optional<String> name, List<String> paths, boolean failOpen) {

        /** Keeps its own copy of the list. */
        public Declared {
            paths = List.copyOf(paths);
        }
    }
}
