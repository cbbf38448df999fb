package dev.sluice.chain.conf;

import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.Traffic;
import dev.sluice.chain.split.Rule;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The traffic rules of releases, which are in force as far as they can be: what has no effect is said. */
public final class ReleaseRules {

    private ReleaseRules() {}

    /** {@return what has no effect in the rules of releases, as sentences} */
    public static List<String> alarms(Roster roster) {
        return roster.traffic().releases().stream()
                .flatMap(one -> alarm(one, roster).stream())
                .toList();
    }

    private static Optional<String> alarm(Traffic.OfRelease one, Roster roster) {
        Rule rule = one.rule();
        Set<String> missing = new TreeSet<>(roster.missing(rule));
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        Collection<String> there = new TreeSet<>(roster.present(rule.subject()));
        String what = there.isEmpty()
                ? "there is no " + rule.subject() + Meant.hint(rule.subject(), roster) + ": it has no effect"
                : "there is no version " + String.join(", ", missing) + " of " + rule.subject() + ", but "
                        + String.join(", ", there) + ", and what isn't there has no share";
        return Optional.of("The traffic rule for " + rule.subject() + " in " + one.file() + ": " + what
                + ". Mend its release.json, and copy the release again.");
    }
}
