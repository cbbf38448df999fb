package dev.sluice.chain.track;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.ProbeResult.Reason;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.snapshot.Spec;
import dev.sluice.middleware.MiddlewareProperties;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * What a service says of itself in its properties, read and checked.
 *
 * @param name the middleware's name
 * @param spec its place
 */
record Description(String name, Spec spec) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** A property that can't be used, with a sentence that says why. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        private final Reason reason;

        Unusable(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        Reason reason() {
            return reason;
        }
    }

    static Description of(ServiceReference<?> reference, Bundle bundle) throws Unusable {
        return new Description(
                checked(name(reference, bundle)), new Spec(ranking(reference), paths(reference), onFailure(reference)));
    }

    /**
     * {@return the name that the service has, or that of its bundle; not checked}
     *
     * @param bundle the bundle that registered it, which the reference forgets when it is unregistered
     */
    static String name(ServiceReference<?> reference, Bundle bundle) {
        Object name = reference.getProperty(MiddlewareProperties.NAME);
        return name != null ? name.toString() : symbolicName(bundle);
    }

    /** {@return the bundle's symbolic name; empty if it has none, as with the first manifest version} */
    static String symbolicName(Bundle bundle) {
        return bundle.getSymbolicName() == null ? "" : bundle.getSymbolicName();
    }

    static boolean isNamed(ServiceReference<?> reference) {
        return reference.getProperty(MiddlewareProperties.NAME) != null;
    }

    private static String checked(String name) throws Unusable {
        if (!NAME.matcher(name).matches()) {
            throw new Unusable(
                    Reason.BAD_NAME,
                    "\"" + name
                            + "\" is no name for a middleware: use letters, digits, \".\", \"-\" and \"_\", at most 128");
        }
        return name;
    }

    private static int ranking(ServiceReference<?> reference) {
        // As the framework reads it: a ranking of another type counts as none (OSGi Core 5.2.5).
        return reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    private static List<PathPattern> paths(ServiceReference<?> reference) throws Unusable {
        List<String> texts = strings(reference.getProperty(MiddlewareProperties.PATHS));
        try {
            return Spec.patterns(texts.isEmpty() ? List.of("/*") : texts);
        } catch (IllegalArgumentException e) {
            throw new Unusable(Reason.BAD_PATHS, e.getMessage());
        }
    }

    private static FailureMode onFailure(ServiceReference<?> reference) throws Unusable {
        Object value = reference.getProperty(MiddlewareProperties.ON_FAILURE);
        try {
            return value == null ? FailureMode.CLOSED : Spec.failureMode(value.toString());
        } catch (IllegalArgumentException e) {
            throw new Unusable(Reason.BAD_FAILURE_MODE, e.getMessage());
        }
    }

    /** A property of type {@code String+}: one, an array, or a collection. */
    private static List<String> strings(Object value) {
        if (value instanceof String one) {
            return List.of(one);
        }
        if (value instanceof Object[] several) {
            return Stream.of(several).map(String::valueOf).toList();
        }
        return value instanceof Collection<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of();
    }
}
