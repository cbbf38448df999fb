package dev.sluice.deployer.service;

import dev.sluice.conf.Nearest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Keys in the configuration that mean nothing: most likely misspelt, so that what was meant isn't in force.
 *
 * @param names the keys
 */
record UnknownKeys(Set<String> names) {

    /** What Configuration Admin, Declarative Services and File Install add of their own. */
    private static final List<String> NOT_WRITTEN =
            List.of(".", "service.", "component.", "osgi.ds.", "felix.fileinstall.");

    /** What the keys of rules begin with: what is asked of a file before it is deployed. */
    private static final String RULE = "deploy";

    // A key's name is made from the method's as Declarative Services does it.
    private static final List<String> KNOWN = Arrays.stream(DeployerConfiguration.class.getDeclaredMethods())
            .map(method -> method.getName().replace('_', '.'))
            .sorted()
            .toList();

    static UnknownKeys of(Map<String, ?> properties) {
        Set<String> unknown = new TreeSet<>(properties.keySet());
        unknown.removeAll(KNOWN);
        unknown.removeIf(key -> NOT_WRITTEN.stream().anyMatch(key::startsWith));
        return new UnknownKeys(Collections.unmodifiableSet(unknown));
    }

    /** {@return whether a key is that of a rule} */
    static boolean isRule(String key) {
        return key.startsWith(RULE);
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** {@return whether one of them may be this key, misspelt} A rule, unless another key is near: as it lets in what it shouldn't. */
    boolean mayMean(String key) {
        return names.stream().anyMatch(name -> other(name).map(key::equals).orElse(isRule(key)));
    }

    /** {@return the key that is meant most likely, if that is no rule} */
    private static Optional<String> other(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(RULE)
                ? Optional.empty()
                : Nearest.byLetters(name, KNOWN).filter(key -> !isRule(key));
    }

    /** {@return what to tell an operator: what they are, and what there is} */
    String sentence() {
        boolean one = names.size() == 1;
        return names.stream().map(UnknownKeys::named).collect(Collectors.joining(", "))
                + (one ? " is not a key, and has no effect." : " are not keys, and have no effect.");
    }

    private static String named(String name) {
        return Nearest.byLetters(name, KNOWN)
                .map(near -> name + " (is " + near + " meant?)")
                .orElse(name);
    }

    /** {@return what to do about them} */
    String remedy() {
        return (names.size() == 1 ? "Mend it, or take it out." : "Mend them, or take them out.") + " The keys are "
                + String.join(", ", KNOWN) + ".";
    }
}
