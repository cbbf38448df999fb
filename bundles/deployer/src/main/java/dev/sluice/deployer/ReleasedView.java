package dev.sluice.deployer;

import dev.sluice.unload.Verdict;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of a bundle that left with a publication.
 *
 * @param file the file that it came from, or its name in the release that it came in
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param verdict the verdict on it; {@code PENDING} as long as there may be another one; empty if the container stopped before
 *     there was one
 * @param took from its release until its class loader was collected; empty unless it was
 * @param heldBy what holds it, or held it, in a sentence; empty if nothing is known to
 * @param summary all of it in words, for a reader
 */
public record ReleasedView(
        String file,
        String sha256,
        Optional<Verdict> verdict,
        Optional<Duration> took,
        Optional<String> heldBy,
        String summary) {}
