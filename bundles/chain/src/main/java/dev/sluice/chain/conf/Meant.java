package dev.sluice.chain.conf;

import dev.sluice.conf.Nearest;
import java.util.Collection;

/** Says what was probably meant by a word that doesn't exist. */
final class Meant {

    private Meant() {}

    /** {@return {@code  (is "..." meant?)} with the known word that is nearest, if it is near enough; else nothing} */
    static String hint(String word, Collection<String> known) {
        return Nearest.of(word, known)
                .map(nearest -> " (is \"" + nearest + "\" meant?)")
                .orElse("");
    }
}
