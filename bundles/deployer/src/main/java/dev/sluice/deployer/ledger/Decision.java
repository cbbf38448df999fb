package dev.sluice.deployer.ledger;

/** What an operator decided about an artifact; it holds until reversed, or until the file's content changes. */
public enum Decision {
    /** Stay installed, but don't run. */
    STOPPED,
    /** Be gone, though the file is still there. */
    REMOVED,
    /** Run again: takes an earlier decision back. */
    STARTED
}
