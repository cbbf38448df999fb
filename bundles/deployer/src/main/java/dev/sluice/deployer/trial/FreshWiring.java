package dev.sluice.deployer.trial;

import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps new bundles from being wired to bundles that leave, have left, or failed: they would be pinned by them, and would be
 * wired to something else after a restart. What is wired already stays so.
 */
final class FreshWiring implements ResolverHookFactory {

    private final Supplier<Set<Long>> excluded;

    /** @param excluded the ids of bundles that nothing new may be wired to; asked at each resolve, on any thread */
    FreshWiring(Supplier<Set<Long>> excluded) {
        this.excluded = excluded;
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        Set<Long> now = excluded.get();
        return now.isEmpty() ? null : new Exclusion(now);
    }

    private record Exclusion(Set<Long> excluded) implements ResolverHook {

        @Override
        public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
            Bundle requirer = requirement.getRevision().getBundle();
            if (requirer.getState() == Bundle.INSTALLED && !excluded.contains(requirer.getBundleId())) {
                candidates.removeIf(capability ->
                        excluded.contains(capability.getRevision().getBundle().getBundleId()));
            }
        }

        @Override
        public void filterResolvable(Collection<BundleRevision> candidates) {
            // Each may be resolved.
        }

        @Override
        public void filterSingletonCollisions(
                BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
            // Two versions of one singleton run beside each other while one replaces the other.
            collisionCandidates.clear();
        }

        @Override
        public void end() {
            // Nothing was acquired.
        }
    }
}
