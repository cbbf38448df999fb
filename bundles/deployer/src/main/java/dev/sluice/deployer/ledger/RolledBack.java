package dev.sluice.deployer.ledger;

import java.time.Instant;

/**
 * An operator's decision that earlier content is deployed in the place of what a file has. It holds for as long as the file
 * has just that, or until the operator takes it back.
 *
 * @param from the digest of what the file has
 * @param at when it was decided
 * @param operator who decided it
 */
public record RolledBack(String from, Instant at, String operator) {}
