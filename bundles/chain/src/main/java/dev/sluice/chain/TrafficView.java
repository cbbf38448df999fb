package dev.sluice.chain;

import java.util.List;
import java.util.Optional;

/**
 * How requests are shared among versions, as an observer sees it.
 *
 * @param origin who says so
 * @param byBundle whether it holds for all that the versions of a bundle provide, or for one middleware
 * @param name the bundle's symbolic name, or the middleware's name
 * @param file the operator's file that it comes from; or the release's; empty for a rollout's
 * @param parts the versions, and their weights
 * @param sticky by what a client is told again
 * @param canary the version for whoever asks for it, if there is one
 * @param canaryHeader the header that asks for it
 */
public record TrafficView(
        Origin origin,
        boolean byBundle,
        String name,
        Optional<String> file,
        List<Part> parts,
        Sticky sticky,
        Optional<String> canary,
        Optional<String> canaryHeader) {

    /** Who says how requests are shared. */
    public enum Origin {
        /** An operator's file. */
        OPERATOR,
        /** A release, while it is deployed. */
        RELEASE,
        /** A rollout. */
        ROLLOUT
    }

    /**
     * A version's part.
     *
     * @param version the version
     * @param weight its part of the sum of all weights, also while it isn't there
     */
    public record Part(String version, int weight) {}

    /** Keeps its own copy of the list. */
    public TrafficView {
        parts = List.copyOf(parts);
    }
}
