package dev.sluice.deployer.integrity;

import dev.sluice.deployer.ArtifactBundle;
import dev.sluice.deployer.ArtifactCheck;
import dev.sluice.deployer.CheckOutcome;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Version;

/**
 * Refuses a version that is lower than one which was published before, if an operator wants that. Asked when a file is let in,
 * and once more when its content is to be published: others may have come meanwhile.
 */
public final class DowngradeCheck implements ArtifactCheck {

    private final PublishedBefore published;
    private final BooleanSupplier refuses;

    /** @param refuses whether an operator wants that; asked each time */
    public DowngradeCheck(PublishedBefore published, BooleanSupplier refuses) {
        this.published = published;
        this.refuses = refuses;
    }

    @Override
    public CheckOutcome checkBundle(ArtifactBundle bundle) {
        return against(bundle.symbolicName(), bundle.version(), bundle.file().sha256())
                .map(CheckOutcome::refused)
                .orElseGet(CheckOutcome::passed);
    }

    /**
     * {@return why a bundle isn't let in, as a sentence; empty if it is}
     *
     * @param sha256 the digest of its file
     */
    public Optional<String> against(String symbolicName, String given, String sha256) {
        if (!refuses.getAsBoolean() || published.isPublished(sha256) || published.isSuperseded(sha256)) {
            return Optional.empty();
        }
        Version version = Version.parseVersion(given);
        String is = "It is " + symbolicName + " " + given + ", and ";
        Optional<String> before = published
                .highest(symbolicName)
                .filter(highest -> isHigher(highest, version))
                .map(highest -> is + highest
                        + " was published before; deploy.downgrade=refuse doesn't let a lower version in. Raise"
                        + " its version, or allow it in the deployer's configuration.");
        return before.or(() -> Optional.ofNullable(published.baking().get(symbolicName))
                .filter(baking -> isHigher(baking, version))
                .map(baking -> is + baking
                        + ", which is being rolled out, has all requests already; deploy.downgrade=refuse doesn't let a"
                        + " lower version in. Raise its version, abort that rollout, or allow it in the deployer's"
                        + " configuration."));
    }

    private static boolean isHigher(String one, Version other) {
        return Version.parseVersion(one).compareTo(other) > 0;
    }
}
