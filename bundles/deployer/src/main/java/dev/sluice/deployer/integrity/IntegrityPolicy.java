package dev.sluice.deployer.integrity;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What an operator asks of a file before it is deployed.
 *
 * @param sha256 of its digest, {@code <file>.sha256}
 * @param signature of its signature, {@code <file>.sig}
 * @param refuseDowngrade whether a version is refused that is lower than one which was published before
 * @param requiredChecks the names of the checks without which nothing is deployed
 * @param checkProviders the symbolic names of the bundles that bring these checks, and don't wait for them
 * @param checkTimeout how long a check may take for one file
 * @param unread why it isn't known what is asked; then nothing is let in that wasn't before
 */
public record IntegrityPolicy(
        Presence sha256,
        Presence signature,
        boolean refuseDowngrade,
        Set<String> requiredChecks,
        Set<String> checkProviders,
        Duration checkTimeout,
        Optional<String> unread) {

    /** A digest must be right if it is there; nothing else is asked. */
    public static final IntegrityPolicy DEFAULT =
            new IntegrityPolicy(Presence.IF_PRESENT, Presence.OFF, false, Set.of(), Set.of(), Duration.ofSeconds(30));

    /** All of it is known. */
    public IntegrityPolicy(
            Presence sha256,
            Presence signature,
            boolean refuseDowngrade,
            Set<String> requiredChecks,
            Set<String> checkProviders,
            Duration checkTimeout) {
        this(sha256, signature, refuseDowngrade, requiredChecks, checkProviders, checkTimeout, Optional.empty());
    }

    /** Keeps its own copies of the sets. */
    public IntegrityPolicy {
        requiredChecks = Set.copyOf(requiredChecks);
        checkProviders = Set.copyOf(checkProviders);
    }
}
