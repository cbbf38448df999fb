package dev.sluice.deployer.ledger;

import java.time.Instant;

/**
 * A decision that earlier content is deployed in the place of what a file has. It holds for as long as the file
 * has just that, or until an operator takes it back.
 *
 * @param from the digest of what the file has
 * @param at when it was decided
 * @param operator the operator who decided it; empty if the container itself did, as what the file has failed
 */
public record RolledBack(String from, Instant at, String operator) {

    /** {@return whether the container itself decided it} */
    public boolean isOwn() {
        return operator.isEmpty();
    }

    /** {@return who decided it, for a sentence} */
    public String who() {
        return isOwn() ? "the container itself, as it failed outright," : "operator " + operator;
    }
}
