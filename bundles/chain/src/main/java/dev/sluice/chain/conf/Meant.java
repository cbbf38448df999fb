package dev.sluice.chain.conf;

import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.split.Rule;
import dev.sluice.conf.Nearest;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what was probably meant by a word that doesn't exist. */
final class Meant {

    private Meant() {}

    /** {@return {@code  (is "..." meant?)} with the known word that is nearest, if it is near enough; else nothing} */
    static String hint(String word, Collection<String> known) {
        return Nearest.of(word, known)
                .map(nearest -> " (is \"" + nearest + "\" meant?)")
                .orElse("");
    }

    /** {@return the same for what a traffic rule is for, of what is there} */
    static String hint(Rule.Subject subject, Roster roster) {
        Set<String> names = roster.units()
                .map(unit -> subject.byBundle() ? unit.symbolicName() : unit.name())
                .collect(Collectors.toSet());
        return hint(subject.name(), names);
    }
}
