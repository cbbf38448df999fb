package dev.sluice.deployer.ledger;

/**
 * How much of the past is kept.
 *
 * @param publications of how many publications the ledger tells
 * @param versions how many contents of each symbolic name can be rolled back to, those that run included
 * @param bytes how many bytes the store may have of content that isn't in use
 */
public record HistoryLimits(int publications, int versions, long bytes) {

    /** What holds unless an operator says otherwise. */
    public static final HistoryLimits DEFAULT = new HistoryLimits(50, 5, 1L << 30);
}
