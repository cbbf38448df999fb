package dev.sluice.deployer.ledger;

import java.util.List;
import java.util.Map;

/**
 * What makes a file's deployment a release. Its bundles are recorded beside it, each under its own name in the file.
 *
 * @param traffic rules for how requests are shared while it is deployed, each as it would be written in {@code conf/}
 * @param superseded the digests of releases of the same name that it has taken the place of, the latest last: it doesn't give
 *     way to them if they come once more
 */
public record PublishedRelease(List<Map<String, String>> traffic, List<String> superseded) {

    /** Keeps its own copies. */
    public PublishedRelease {
        traffic =
                traffic == null ? List.of() : traffic.stream().map(Map::copyOf).toList();
        superseded = superseded == null ? List.of() : List.copyOf(superseded);
    }
}
