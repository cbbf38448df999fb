package dev.sluice.chain;

import java.util.List;
import java.util.Optional;

/**
 * A place in the chain, described without a unit: what a JAR declares, or what was published earlier.
 *
 * @param name the middleware's name
 * @param owner the symbolic name that its versions come from
 * @param ranking where it stands: higher runs earlier
 * @param paths its path patterns
 * @param onFailure what happens to requests while it can't be filled
 * @param version the bundle version that was published there, if one was: a lower one that fills the place in its stead
 *     does so as this describes it
 */
public record ReservedPlace(
        String name, String owner, int ranking, List<String> paths, FailureMode onFailure, Optional<String> version) {

    /** Keeps its own copy of the paths. */
    public ReservedPlace {
        paths = List.copyOf(paths);
    }

    /** A place of which no version was published. */
    public ReservedPlace(String name, String owner, int ranking, List<String> paths, FailureMode onFailure) {
        this(name, owner, ranking, paths, onFailure, Optional.empty());
    }
}
