package dev.sluice.deployer.artifact;

import java.util.List;
import java.util.Optional;

/**
 * A middleware that a JAR says it will bring, before it runs: what the capabilities {@code dev.sluice.middleware} of its
 * manifest that name one component say together.
 *
 * @param name the middleware's name; the bundle's symbolic name where the bundle declares this one only, without a name
 * @param paths the patterns of the paths that it runs on; {@code /*} where none are declared
 * @param failOpen whether requests pass when it is missing
 * @param component the class that implements it; empty if the capability names none
 */
public record DeclaredMiddleware(Optional<String> name, List<String> paths, boolean failOpen, String component) {

    /** Keeps its own copy of the list. */
    public DeclaredMiddleware {
        paths = List.copyOf(paths);
    }
}
