package dev.sluice.container.options;

import dev.sluice.conf.Nearest;
import java.util.Collection;

/** Says what was probably meant by a word that doesn't exist. */
final class Meant {

    private Meant() {}

    /** {@return {@code : is ... meant?} with the known word that is nearest, if it is near enough; else nothing} */
    static String hint(String word, Collection<String> known) {
        // Names of options are long, and many are alike: a third of one makes another.
        return Nearest.of(word, known, Math.max(1, word.length() / 4))
                .map(nearest -> ": is " + nearest + " meant?")
                .orElse("");
    }
}
