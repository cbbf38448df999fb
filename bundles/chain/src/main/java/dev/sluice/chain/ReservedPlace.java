package dev.sluice.chain;

import java.util.List;

/**
 * A place in the chain, described without a unit: what a JAR declares, or what was published earlier.
 *
 * @param name the middleware's name
 * @param owner the symbolic name that its versions come from
 * @param ranking where it stands: higher runs earlier
 * @param paths its path patterns
 * @param onFailure what happens to requests while it can't be filled
 */
public record ReservedPlace(String name, String owner, int ranking, List<String> paths, FailureMode onFailure) {

    /** Keeps its own copy of the paths. */
    public ReservedPlace {
        paths = List.copyOf(paths);
    }
}
