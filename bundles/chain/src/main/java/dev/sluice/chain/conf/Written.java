package dev.sluice.chain.conf;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is written in an operator's file, as texts. */
final class Written {

    private final Map<String, Object> properties;
    private final Set<String> keys;

    /**
     * Reads it.
     *
     * @param properties what the operator wrote, with what ConfigurationAdmin and File Install put beside it
     * @param definition which keys there are
     */
    Written(Map<String, Object> properties, Class<?> definition) {
        this.properties = properties;
        this.keys = Stream.of(definition.getDeclaredMethods())
                .map(Method::getName)
                .map(name -> name.replace('_', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A {@code .config} file and the console may write types and several values; a {@code .cfg} file writes texts. */
    String text(String key) {
        Object value = properties.get(key);
        if (value instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        if (value != null && value.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(value))
                    .mapToObj(i -> String.valueOf(Array.get(value, i)))
                    .collect(Collectors.joining(","));
        }
        return value == null ? "" : value.toString();
    }

    /** {@return all of it; without what File Install and ConfigurationAdmin put beside it} */
    Map<String, String> texts() {
        return properties.keySet().stream()
                .filter(key -> !isNoKey(key))
                .collect(Collectors.toUnmodifiableMap(Function.identity(), this::text));
    }

    /** {@return for each key that there isn't a sentence that says so} */
    List<String> strange() {
        return properties.keySet().stream()
                .filter(key -> !keys.contains(key))
                .filter(key -> !isNoKey(key))
                .sorted()
                .map(key -> "\"" + key + "\" is no key of it" + Meant.hint(key, keys) + "; there are "
                        + String.join(", ", keys))
                .toList();
    }

    private static boolean isNoKey(String key) {
        return Stream.of("service.", "component.", "osgi.", "felix.", ".").anyMatch(key::startsWith);
    }
}
