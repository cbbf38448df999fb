package dev.sluice.deployer.ledger;

import java.util.List;

/**
 * A place that an artifact's middleware had in the chain, enough to reserve it.
 *
 * @param name the middleware's name
 * @param ranking its ranking
 * @param paths the patterns of its paths
 * @param failOpen whether requests pass when it is missing
 */
public record PublishedPlace(String name, int ranking, List<String> paths, boolean failOpen) {

    /** Keeps its own copy of the list. */
    public PublishedPlace {
        paths = List.copyOf(paths);
    }
}
