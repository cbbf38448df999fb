package dev.sluice.deployer.rollout.policy;

import dev.sluice.deployer.explain.Nearest;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of a policy, and what was probably meant by one that is none. */
final class PolicyKeys {

    /** A key's name is made from the method's as Declarative Services does it. */
    static final Set<String> ALL = Arrays.stream(PolicyConfiguration.class.getDeclaredMethods())
            .map(method -> method.getName().replace('_', '.'))
            .collect(Collectors.toUnmodifiableSet());

    /** Of ConfigurationAdmin, Declarative Services and File Install, which put keys of their own beside the operator's. */
    private static final List<String> NOT_WRITTEN = List.of("service.", "component.", "osgi.", "felix.", ".");

    private PolicyKeys() {}

    /** {@return what an operator wrote, as texts} A console may have made numbers or arrays of it. */
    static Map<String, String> texts(Map<String, ?> properties) {
        Map<String, String> texts = new TreeMap<>();
        properties.forEach((key, value) -> {
            String text = text(value).strip();
            if (NOT_WRITTEN.stream().noneMatch(key::startsWith) && !text.isEmpty()) {
                texts.put(key, text);
            }
        });
        return texts;
    }

    private static String text(Object value) {
        Stream<?> several = value instanceof Collection<?> collection
                ? collection.stream()
                : value instanceof Object[] array ? Arrays.stream(array) : Stream.of(value);
        return several.map(String::valueOf).collect(Collectors.joining(","));
    }

    /** {@return what is wrong with the keys, one sentence for each that is none} */
    static List<String> faults(Set<String> keys) {
        return keys.stream()
                .filter(key -> !ALL.contains(key))
                .sorted()
                .map(key -> "\"" + key + "\" is no key of a rollout: "
                        + Nearest.to(key, ALL)
                                .map(known -> "\"" + known + "\" is probably meant")
                                .orElseGet(() -> "there are " + String.join(", ", new TreeSet<>(ALL))))
                .toList();
    }
}
