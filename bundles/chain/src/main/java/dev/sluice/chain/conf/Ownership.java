package dev.sluice.chain.conf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Who may provide a middleware: the first symbolic name that did, unless an operator has said otherwise. Immutable.
 *
 * @param granted the symbolic names that an operator allows, by middleware
 */
public record Ownership(Map<String, List<String>> granted) {

    static final String PREFIX = "chain.owner.";

    /** {@return the keys {@code chain.owner.<name>} of a configuration, with what they say} */
    static Map<String, String> written(Map<String, ?> configuration) {
        Map<String, String> written = new TreeMap<>();
        configuration.forEach((key, value) -> {
            if (key.startsWith(PREFIX) && key.length() > PREFIX.length()) {
                written.put(key, String.valueOf(value));
            }
        });
        return written;
    }

    /** {@return what the keys {@code chain.owner.<name>} say} */
    static Ownership of(Map<String, String> written) {
        Map<String, List<String>> granted = new TreeMap<>();
        written.forEach((key, value) -> granted.put(
                key.substring(PREFIX.length()),
                Stream.of(value.split(",")).map(String::trim).toList()));
        return new Ownership(Map.copyOf(granted));
    }

    /**
     * Judges a bundle that wants to provide a middleware.
     *
     * @param name the middleware
     * @param symbolicName the bundle's symbolic name
     * @param owner who provides it already, if anybody does
     * @return why it may not, and what to do about it; empty if it may
     */
    public Optional<String> objection(String name, String symbolicName, Optional<String> owner) {
        List<String> allowed = granted.get(name);
        if (allowed != null) {
            return allowed.contains(symbolicName)
                    ? Optional.empty()
                    : Optional.of("\"" + name + "\" belongs to " + String.join(", ", allowed) + " by " + PREFIX + name
                            + " in conf/dev.sluice.chain.cfg, and not to " + symbolicName);
        }
        return owner.filter(first -> !first.equals(symbolicName))
                .map(first -> "\"" + name + "\" is owned by " + first + ", so " + symbolicName
                        + " can't provide it. Give it another name, or allow it with " + PREFIX + name + "="
                        + symbolicName
                        + " in conf/dev.sluice.chain.cfg");
    }
}
