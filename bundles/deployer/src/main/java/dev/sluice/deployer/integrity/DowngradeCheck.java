package dev.sluice.deployer.integrity;

import dev.sluice.deployer.ArtifactBundle;
import dev.sluice.deployer.ArtifactCheck;
import dev.sluice.deployer.CheckOutcome;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Version;

/** Refuses a version that is lower than one which was published before, if an operator wants that. */
final class DowngradeCheck implements ArtifactCheck {

    private final PublishedBefore published;
    private final BooleanSupplier refuses;

    DowngradeCheck(PublishedBefore published, BooleanSupplier refuses) {
        this.published = published;
        this.refuses = refuses;
    }

    @Override
    public CheckOutcome checkBundle(ArtifactBundle bundle) {
        if (!refuses.getAsBoolean()) {
            return CheckOutcome.passed();
        }
        Version version = Version.parseVersion(bundle.version());
        return published
                .highest(bundle.symbolicName())
                .filter(highest -> Version.parseVersion(highest).compareTo(version) > 0)
                .map(highest ->
                        CheckOutcome.refused("It is " + bundle.symbolicName() + " " + bundle.version() + ", and "
                                + highest
                                + " was published before; deploy.downgrade=refuse doesn't let a lower version in. Raise"
                                + " its version, or allow it in the deployer's configuration."))
                .orElseGet(CheckOutcome::passed);
    }
}
