package dev.sluice.chain.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What is wrong with a configuration, gathered while its values are read. */
final class Faults {

    private final List<String> all = new ArrayList<>();

    void add(String fault) {
        all.add(fault);
    }

    /** {@return what was found so far, as sentences} */
    List<String> all() {
        return List.copyOf(all);
    }

    /** {@return the value; empty if none is set, or if it can't be used, which is a fault} */
    <T> Optional<T> value(String text, Function<String, T> parse) {
        return value("", text, parse);
    }

    /** The same, where the parser doesn't know the key. */
    <T> Optional<T> value(String prefix, String text, Function<String, T> parse) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(text.trim()));
        } catch (IllegalArgumentException e) {
            add(prefix + e.getMessage());
            return Optional.empty();
        }
    }
}
