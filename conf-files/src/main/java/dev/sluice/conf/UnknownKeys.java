package dev.sluice.conf;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Keys in a configuration that mean nothing: most likely misspelt, so that what was meant isn't in force.
 *
 * @param keys the keys that there are
 * @param names those that there aren't
 */
record UnknownKeys(SettingsKeys keys, Set<String> names) {

    static UnknownKeys of(SettingsKeys keys, Map<String, ?> properties) {
        Set<String> unknown = new TreeSet<>(properties.keySet());
        unknown.removeIf(key -> keys.isKey(key) || !keys.isWritten(key));
        return new UnknownKeys(keys, Collections.unmodifiableSet(unknown));
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** {@return whether one of them may be this key, misspelt} A rule, unless another key is near: as it lets in what it shouldn't. */
    boolean mayMean(String key) {
        return names.stream().anyMatch(name -> {
            Optional<String> other = other(name);
            return other.filter(key::equals).isPresent() || keys.isRule(key) && (other.isEmpty() || keys.wide());
        });
    }

    /** {@return whether one of them is nearest to a rule, or to no key at all} */
    boolean mayMeanRule() {
        return names.stream().anyMatch(name -> other(name).isEmpty());
    }

    /** {@return the key that is meant most likely, if that is no rule} */
    private Optional<String> other(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(keys.rule())
                ? Optional.empty()
                : Nearest.byLetters(name, keys.all()).filter(key -> !keys.isRule(key));
    }

    /** {@return what to tell an operator: what they are, and what there is} */
    String sentence() {
        boolean one = names.size() == 1;
        return names.stream().map(this::named).collect(Collectors.joining(", "))
                + (one ? " is not a key, and has no effect." : " are not keys, and have no effect.");
    }

    private String named(String name) {
        return Nearest.byLetters(name, keys.all())
                .map(near -> name + " (is " + near + " meant?)")
                .orElse(name);
    }

    /** {@return what to do about them} */
    String remedy() {
        return (names.size() == 1 ? "Mend it, or take it out." : "Mend them, or take them out.") + " The keys are "
                + String.join(", ", keys.shown()) + ".";
    }
}
