package dev.sluice.unload;

import java.util.List;

/**
 * What a bundle that leaves was deployed as.
 *
 * @param file the file that it came from, as the deployer calls it
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param middleware the names of the middleware that it brought
 */
public record Departure(String file, String sha256, List<String> middleware) {

    /** Keeps its own copy of the list. */
    public Departure {
        middleware = List.copyOf(middleware);
    }
}
