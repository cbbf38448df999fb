package dev.sluice.unload;

import java.util.List;

/**
 * What a bundle that leaves was deployed as.
 *
 * @param file the file that it came from, as the deployer calls it
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param middleware the names of the middleware that it brought
 * @param requests those that are still in it, as {@code GET /events, since 2026-11-23T17:00:00Z}; more may be in it than are told,
 *     and the last one then says so. They hold it until {@link Unloads#requestsOver} says that they are over
 */
public record Departure(String file, String sha256, List<String> middleware, List<String> requests) {

    /** Keeps its own copies of the lists. */
    public Departure {
        middleware = List.copyOf(middleware);
        requests = List.copyOf(requests);
    }

    /** One that no request is in. */
    public Departure(String file, String sha256, List<String> middleware) {
        this(file, sha256, middleware, List.of());
    }

    /** {@return the same, with requests that are still in it} */
    public Departure heldBy(List<String> open) {
        return new Departure(file, sha256, middleware, open);
    }
}
