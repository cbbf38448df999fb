package dev.sluice.chain.snapshot;

import dev.sluice.chain.split.Rule;
import java.util.Optional;

/**
 * What has become of an operator's file of a traffic rule.
 *
 * @param id the file's PID
 * @param inForce the rule that holds: what the file says, or the last that could be taken
 * @param waiting what the file says, while a version that it names isn't there
 */
public record Ruling(String id, Optional<Rule> inForce, Optional<Rule> waiting) {

    /**
     * What a file says now.
     *
     * @param id the file's PID
     * @param says what it says; empty if it has a mistake in it
     * @param before what is in force by it if nothing of its own is yet: of before a restart, or from the file whose place this
     *     one takes
     */
    public record Wanted(String id, Optional<Rule> says, Optional<Rule> before) {}

    static Ruling of(Wanted wanted, Optional<Ruling> known) {
        Optional<Rule> inForce = known.flatMap(Ruling::inForce).or(wanted::before);
        return new Ruling(wanted.id(), inForce, wanted.says().filter(rule -> !inForce.equals(Optional.of(rule))));
    }

    Ruling accepted() {
        return new Ruling(id, waiting, Optional.empty());
    }
}
