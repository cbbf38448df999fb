package dev.sluice.deployer.descriptor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a release says of itself.
 *
 * @param name its name, if it says one
 * @param version its version, normalised, if it has one
 * @param digests the SHA-256 of each of its bundles, in lower-case hexadecimal, by entry; empty if it doesn't list them
 * @param traffic rules for how requests are shared, as they would be written in {@code conf/}
 */
public record Descriptor(
        Optional<String> name,
        Optional<String> version,
        Optional<Map<String, String>> digests,
        List<Map<String, String>> traffic) {

    /** The entry that it is read from. */
    public static final String ENTRY = "release.json";

    /** Of a release that says nothing. */
    public static final Descriptor NONE =
            new Descriptor(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    /** Keeps its own copies. */
    public Descriptor {
        digests = digests.map(Map::copyOf);
        traffic = traffic.stream().map(Map::copyOf).toList();
    }
}
