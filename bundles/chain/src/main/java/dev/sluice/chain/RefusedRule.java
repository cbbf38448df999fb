package dev.sluice.chain;

/**
 * An operator's traffic rule that isn't taken, as an observer sees it.
 *
 * @param file the file
 * @param reason all that is wrong with it, as sentences
 * @param lastGood whether a rule that the file had before stays in force
 */
public record RefusedRule(String file, String reason, boolean lastGood) {}
