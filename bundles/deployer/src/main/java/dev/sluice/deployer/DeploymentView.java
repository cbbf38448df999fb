package dev.sluice.deployer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What became of one artifact.
 *
 * @param file its name in the deploy folder; for a bundle that came in a release, its name there, as {@code
 *     shop.zip!/auth.jar}
 * @param sha256 the digest of its content, in lower-case hexadecimal, once it was read
 * @param symbolicName the bundle's symbolic name, once it is known
 * @param version the bundle's version, once it is known
 * @param bundleId the id of the installed bundle, if one is
 * @param state where the deployment stands
 * @param reason why it stands there, and what to do about it; empty where the state says all
 * @param middleware the names of the middleware that it brings; empty for a library
 * @param since when it came into its state
 * @param firstSeen when the file came, or what is deployed from it got other content; each start counts anew
 * @param verified what was verified of its content, as {@code sha256} or {@code signature by release.pem}; empty if there was
 *     nothing to verify it by
 * @param release what it is as a release, if it is one: it has no bundle then, but those that came in it, each of which is
 *     shown as one of its own
 */
public record DeploymentView(
        String file,
        Optional<String> sha256,
        Optional<String> symbolicName,
        Optional<String> version,
        OptionalLong bundleId,
        DeploymentState state,
        Optional<String> reason,
        List<String> middleware,
        Instant since,
        Instant firstSeen,
        List<String> verified,
        Optional<ReleaseView> release) {

    /** Keeps its own copies of the lists. */
    public DeploymentView {
        middleware = List.copyOf(middleware);
        verified = List.copyOf(verified);
    }

    /** One that is no release. */
    public DeploymentView(
            String file,
            Optional<String> sha256,
            Optional<String> symbolicName,
            Optional<String> version,
            OptionalLong bundleId,
            DeploymentState state,
            Optional<String> reason,
            List<String> middleware,
            Instant since,
            Instant firstSeen,
            List<String> verified) {
        this(
                file,
                sha256,
                symbolicName,
                version,
                bundleId,
                state,
                reason,
                middleware,
                since,
                firstSeen,
                verified,
                Optional.empty());
    }

    /** One of whose content nothing was verified. */
    public DeploymentView(
            String file,
            Optional<String> sha256,
            Optional<String> symbolicName,
            Optional<String> version,
            OptionalLong bundleId,
            DeploymentState state,
            Optional<String> reason,
            List<String> middleware,
            Instant since,
            Instant firstSeen) {
        this(file, sha256, symbolicName, version, bundleId, state, reason, middleware, since, firstSeen, List.of());
    }

    /** {@return the same, for another reason} */
    public DeploymentView because(String other) {
        return new DeploymentView(
                file,
                sha256,
                symbolicName,
                version,
                bundleId,
                state,
                Optional.of(other),
                middleware,
                since,
                firstSeen,
                verified,
                release);
    }
}
