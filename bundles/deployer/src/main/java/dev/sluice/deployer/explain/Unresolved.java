package dev.sluice.deployer.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Why a bundle doesn't resolve: which requirement isn't met, and what the container has of it. */
public final class Unresolved {

    private final BundleContext context;

    public Unresolved(BundleContext context) {
        this.context = context;
    }

    /**
     * @param bundle a bundle that doesn't resolve
     * @param excluded bundles that it may not be wired to, because they leave or have left
     * @param failed why other artifacts failed, by bundle id: those that came with it
     * @return one sentence for each unmet requirement
     */
    public String reason(Bundle bundle, Set<Long> excluded, Map<Long, String> failed) {
        List<String> unmet = unmet(bundle, excluded, failed, new HashSet<>());
        return unmet.isEmpty() ? frameworkSays(bundle) : String.join("; ", unmet);
    }

    private List<String> unmet(Bundle bundle, Set<Long> excluded, Map<Long, String> failed, Set<Bundle> visited) {
        visited.add(bundle);
        List<String> sentences = new ArrayList<>();
        for (BundleRequirement requirement : revision(bundle).getDeclaredRequirements(null)) {
            if (Requirements.isMandatory(requirement)) {
                why(requirement, excluded, failed, visited).ifPresent(sentences::add);
            }
        }
        return sentences;
    }

    private Optional<String> why(
            BundleRequirement requirement, Set<Long> excluded, Map<Long, String> failed, Set<Bundle> visited) {
        List<BundleCapability> matching =
                capabilities(requirement, excluded).filter(requirement::matches).toList();
        if (matching.isEmpty()) {
            return Optional.of("needs " + Requirements.describe(requirement) + missing(requirement, excluded, failed));
        }
        boolean available = matching.stream().anyMatch(capability -> isResolved(owner(capability)));
        if (available) {
            return Optional.empty();
        }
        // All that could provide it don't resolve themselves: the reason is theirs. A provider that was looked at
        // before is
        // on a circle, and says nothing new.
        List<String> reasons = new ArrayList<>();
        for (BundleCapability capability : matching) {
            Bundle provider = owner(capability);
            if (visited.contains(provider)) {
                return Optional.empty();
            }
            List<String> theirs = unmet(provider, excluded, failed, visited);
            if (theirs.isEmpty()) {
                return Optional.empty();
            }
            reasons.add(provider.getSymbolicName() + " " + provider.getVersion() + ", which has it, "
                    + String.join(" and ", theirs));
        }
        return Optional.of("needs " + Requirements.describe(requirement) + ": " + String.join("; ", reasons));
    }

    private String missing(BundleRequirement requirement, Set<Long> excluded, Map<Long, String> failed) {
        Optional<String> failedWithIt = Stream.of(context.getBundles())
                .filter(bundle -> failed.containsKey(bundle.getBundleId()))
                .filter(bundle -> declared(bundle, requirement).anyMatch(requirement::matches))
                .map(bundle -> failed.get(bundle.getBundleId()))
                .findFirst();
        if (failedWithIt.isPresent()) {
            return ": " + failedWithIt.get();
        }
        if (ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE.equals(requirement.getNamespace())) {
            return ": this container runs on Java " + Runtime.version().feature()
                    + "; start it on a newer JDK, or compile for this one";
        }
        List<BundleCapability> others = capabilities(requirement, excluded)
                .filter(capability -> Requirements.sameSubject(requirement, capability))
                .toList();
        if (others.isEmpty()) {
            return hasRange(requirement)
                    ? nobody(requirement)
                    : (isPackage(requirement) ? " (any version)" : "") + nobody(requirement);
        }
        String versions = others.stream()
                .map(capability -> Requirements.version(capability).map(String::valueOf))
                .flatMap(Optional::stream)
                .distinct()
                .collect(Collectors.joining(" and "));
        return versions.isEmpty()
                ? ", and what this container has of it doesn't match " + Requirements.filter(requirement)
                : ", this container has " + versions;
    }

    private static String nobody(BundleRequirement requirement) {
        return isPackage(requirement)
                ? ": no bundle here exports it; drop the bundle that does into the folder, or embed the package"
                : ": nothing here provides it; drop the bundle that does into the folder";
    }

    private static boolean isPackage(BundleRequirement requirement) {
        return PackageNamespace.PACKAGE_NAMESPACE.equals(requirement.getNamespace());
    }

    private static boolean hasRange(BundleRequirement requirement) {
        return !Requirements.range(Requirements.filter(requirement)).isEmpty();
    }

    private Stream<BundleCapability> capabilities(BundleRequirement requirement, Set<Long> excluded) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> !excluded.contains(bundle.getBundleId()))
                .flatMap(bundle -> declared(bundle, requirement));
    }

    private static Stream<BundleCapability> declared(Bundle bundle, BundleRequirement requirement) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null
                ? Stream.empty()
                : revision.getDeclaredCapabilities(requirement.getNamespace()).stream();
    }

    /**
     * Only the framework can tell where uses constraints clash. It tells when a class is loaded from a bundle that isn't
     * resolved; unlike a start that has no effect if the bundle has become resolvable meanwhile.
     */
    private static String frameworkSays(Bundle bundle) {
        try {
            bundle.loadClass("dev.sluice.NoSuchClass");
            return "can't be resolved";
        } catch (ClassNotFoundException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return "can't be resolved: " + cause.getMessage();
        }
    }

    private static boolean isResolved(Bundle bundle) {
        return (bundle.getState() & (Bundle.INSTALLED | Bundle.UNINSTALLED)) == 0;
    }

    private static Bundle owner(BundleCapability capability) {
        return capability.getRevision().getBundle();
    }

    private static BundleRevision revision(Bundle bundle) {
        return bundle.adapt(BundleRevision.class);
    }
}
