package dev.sluice.chain;

/**
 * A version's part in a middleware's requests, for rollouts: by its bundle, as two bundles may have the same version.
 *
 * @param bundleId the bundle's id
 * @param identity what the version is told by, the same after a restart and on another machine: its content's digest
 * @param weight its part of the sum of all weights; 0 for none
 */
public record Share(long bundleId, String identity, int weight) {

    /** Checks the weight. */
    public Share {
        if (weight < 0) {
            throw new IllegalArgumentException("the weight " + weight + " of bundle " + bundleId + " is below 0");
        }
    }
}
