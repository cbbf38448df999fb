package dev.sluice.deployer.service;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Keys in the configuration that mean nothing: most likely misspelt, so that what was meant isn't in force. */
final class UnknownKeys {

    /** What Configuration Admin, Declarative Services and File Install add of their own. */
    private static final List<String> NOT_WRITTEN =
            List.of(".", "service.", "component.", "osgi.ds.", "felix.fileinstall.");

    private static final String FILE = "felix.fileinstall.filename";

    private UnknownKeys() {}

    /** {@return what to tell an operator, if there are any} */
    static Optional<String> warning(Map<String, ?> properties) {
        Set<String> known = known();
        Set<String> unknown = new TreeSet<>(properties.keySet());
        unknown.removeAll(known);
        unknown.removeIf(key -> NOT_WRITTEN.stream().anyMatch(key::startsWith));
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        boolean one = unknown.size() == 1;
        return Optional.of("conf/" + file(properties) + ": " + String.join(", ", unknown)
                + (one ? " is not a key, and has no effect" : " are not keys, and have no effect") + "; the keys are "
                + String.join(", ", known));
    }

    private static Set<String> known() {
        // A key's name is made from the method's as Declarative Services does it.
        return Arrays.stream(DeployerConfiguration.class.getDeclaredMethods())
                .map(method -> method.getName().replace('_', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String file(Map<String, ?> properties) {
        Object url = properties.get(FILE);
        return url == null
                ? Settings.PID + ".cfg"
                : url.toString().substring(url.toString().lastIndexOf('/') + 1);
    }
}
