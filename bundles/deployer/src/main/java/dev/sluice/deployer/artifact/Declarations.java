package dev.sluice.deployer.artifact;

import dev.sluice.middleware.MiddlewareProperties;
import dev.sluice.middleware.OnFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.resource.Capability;
import org.osgi.resource.Resource;

/** Reads the capabilities by which a bundle declares its middleware: several that name one component belong together. */
final class Declarations {

    private static final String EVERYTHING = "/*";

    private Declarations() {}

    static List<DeclaredMiddleware> of(Resource resource, String symbolicName) throws Rejection {
        Map<String, Map<String, Object>> byComponent = new LinkedHashMap<>();
        for (Capability capability : resource.getCapabilities(MiddlewareProperties.CAPABILITY_NAMESPACE)) {
            Map<String, Object> attributes = capability.getAttributes();
            Object component = attributes.get(MiddlewareProperties.CAPABILITY_COMPONENT);
            // One written by hand may name no component: then it is a middleware of its own.
            String key = component == null ? "\0" + byComponent.size() : component.toString();
            byComponent.computeIfAbsent(key, any -> new LinkedHashMap<>()).putAll(attributes);
        }
        List<DeclaredMiddleware> declared = new ArrayList<>();
        for (Map<String, Object> attributes : byComponent.values()) {
            declared.add(declaration(attributes, symbolicName, byComponent.size() == 1));
        }
        return declared;
    }

    private static DeclaredMiddleware declaration(Map<String, Object> attributes, String symbolicName, boolean only)
            throws Rejection {
        String component =
                text(attributes, MiddlewareProperties.CAPABILITY_COMPONENT).orElse("");
        Optional<String> name = text(attributes, MiddlewareProperties.CAPABILITY_NAME);
        if (name.isEmpty() && !only) {
            throw new Rejection(
                    "It declares several middleware, and one " + (component.isEmpty() ? "" : component + " ")
                            + "without a name. Only the one middleware of a bundle may leave the name out: give each a "
                            + "@MiddlewareName.");
        }
        String onFailure =
                text(attributes, MiddlewareProperties.CAPABILITY_ON_FAILURE).orElse(OnFailure.CLOSED);
        if (!onFailure.equals(OnFailure.OPEN) && !onFailure.equals(OnFailure.CLOSED)) {
            throw new Rejection("It declares on.failure=" + onFailure + " for " + name.orElse(symbolicName)
                    + "; it can be open or closed.");
        }
        return new DeclaredMiddleware(
                Optional.of(name.orElse(symbolicName)),
                paths(attributes.get(MiddlewareProperties.CAPABILITY_PATHS)),
                onFailure.equals(OnFailure.OPEN),
                component);
    }

    private static Optional<String> text(Map<String, Object> attributes, String name) {
        return Optional.ofNullable(attributes.get(name)).map(Object::toString);
    }

    private static List<String> paths(Object value) {
        if (value == null) {
            return List.of(EVERYTHING);
        }
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of(value.toString());
    }
}
