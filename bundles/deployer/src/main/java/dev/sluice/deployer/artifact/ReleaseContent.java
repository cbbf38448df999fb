package dev.sluice.deployer.artifact;

import java.util.List;
import java.util.Map;

/**
 * What a release consists of.
 *
 * @param members its bundles, each under {@link ArtifactNames#member its name}, in the order of these names
 * @param traffic how requests are shared among versions while it is deployed, each rule as it would be written in {@code conf/}
 */
public record ReleaseContent(List<Artifact> members, List<Map<String, String>> traffic) {

    /** Keeps its own copies. */
    public ReleaseContent {
        members = List.copyOf(members);
        traffic = traffic.stream().map(Map::copyOf).toList();
    }
}
