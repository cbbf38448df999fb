package dev.sluice.deployer.explain;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.resource.Namespace;

/** Requirements and capabilities in words: what is needed, which versions of it, and which there are. */
final class Requirements {

    private static final Pattern AT_LEAST = Pattern.compile("\\(version>=([^)]+)\\)");
    private static final Pattern AT_MOST = Pattern.compile("\\(version<=([^)]+)\\)");
    private static final Pattern EXACTLY = Pattern.compile("\\(version=([^)]+)\\)");
    private static final Pattern NOT_FROM = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");
    private static final Pattern NOT_TO = Pattern.compile("\\(!\\(version<=([^)]+)\\)\\)");
    private static final Pattern EVERY_ZERO_AT_THE_END = Pattern.compile("(\\.0)+$");

    private Requirements() {}

    static boolean isMandatory(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String resolution =
                directives.getOrDefault(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE, Namespace.RESOLUTION_MANDATORY);
        String effective =
                directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE);
        return resolution.equals(Namespace.RESOLUTION_MANDATORY)
                && effective.equals(Namespace.EFFECTIVE_RESOLVE)
                && !HostNamespace.HOST_NAMESPACE.equals(requirement.getNamespace());
    }

    /** {@return the thing that is needed: a package's name, a symbolic name, an extender; empty if the filter tells none} */
    static Optional<String> subject(BundleRequirement requirement) {
        Matcher matcher = Pattern.compile("\\(" + Pattern.quote(requirement.getNamespace()) + "=([^)]+)\\)")
                .matcher(filter(requirement));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** {@return what is needed, in words, with the range of versions: {@code package com.example [2,3)}} */
    static String describe(BundleRequirement requirement) {
        String kind = kind(requirement.getNamespace());
        return subject(requirement)
                .map(subject -> (kind + " " + subject + " " + range(filter(requirement))).strip())
                .orElseGet(() -> (kind + " " + filter(requirement)).strip());
    }

    static String kind(String namespace) {
        return switch (namespace) {
            case PackageNamespace.PACKAGE_NAMESPACE -> "package";
            case BundleNamespace.BUNDLE_NAMESPACE -> "bundle";
            case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE -> "execution environment";
            default -> namespace;
        };
    }

    /** {@return the range that a filter asks for as {@code [2,3)}, or empty if it asks for none} */
    static String range(String filter) {
        Optional<String> notFrom = find(NOT_FROM, filter);
        Optional<String> notTo = find(NOT_TO, filter);
        String positive =
                NOT_TO.matcher(NOT_FROM.matcher(filter).replaceAll("")).replaceAll("");
        Optional<String> atLeast = find(AT_LEAST, positive);
        Optional<String> atMost = find(AT_MOST, positive);
        Optional<String> exactly = find(EXACTLY, positive);
        if (exactly.isPresent()) {
            return shorten(exactly.get());
        }
        if (notFrom.isEmpty() && notTo.isEmpty() && atMost.isEmpty()) {
            return atLeast.map(version -> shorten(version) + " or higher").orElse("");
        }
        String low = notTo.map(version -> "(" + shorten(version))
                .orElseGet(() -> "[" + atLeast.map(Requirements::shorten).orElse("0"));
        String high = notFrom.map(version -> shorten(version) + ")")
                .orElseGet(() -> atMost.map(version -> shorten(version) + "]").orElse("∞)"));
        return low + "," + high;
    }

    /** {@return whether a capability is of the thing that is needed, whatever its version and attributes} */
    static boolean sameSubject(BundleRequirement requirement, BundleCapability capability) {
        if (!requirement.getNamespace().equals(capability.getNamespace())) {
            return false;
        }
        Object subject = capability.getAttributes().get(requirement.getNamespace());
        return subject(requirement)
                .filter(needed -> subject instanceof Iterable<?> several
                        ? contains(several, needed)
                        : needed.equals(String.valueOf(subject)))
                .isPresent();
    }

    static Optional<Object> version(BundleCapability capability) {
        String attribute =
                switch (capability.getNamespace()) {
                    case BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE ->
                        Constants.BUNDLE_VERSION_ATTRIBUTE;
                    default -> Constants.VERSION_ATTRIBUTE;
                };
        return Optional.ofNullable(capability.getAttributes().get(attribute));
    }

    static String filter(BundleRequirement requirement) {
        // The framework writes bundle-version for a required bundle; the words for the range are the same.
        return requirement
                .getDirectives()
                .getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "")
                .replace("(" + Constants.BUNDLE_VERSION_ATTRIBUTE, "(" + Constants.VERSION_ATTRIBUTE);
    }

    private static boolean contains(Iterable<?> several, String needed) {
        for (Object one : several) {
            if (needed.equals(String.valueOf(one))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> find(Pattern pattern, String filter) {
        Matcher matcher = pattern.matcher(filter);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String shorten(String version) {
        return EVERY_ZERO_AT_THE_END.matcher(version).replaceFirst("");
    }
}
