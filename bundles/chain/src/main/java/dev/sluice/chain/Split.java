package dev.sluice.chain;

import java.util.List;

/**
 * How a rollout shares the requests of what these bundles provide: each request gets one of them, and what only one of them
 * provides serves all requests.
 *
 * @param group what the choice is made for, the same after a restart and on another machine: the bundles' symbolic name
 * @param shares the parts; each bundle has one, and not all are 0
 * @param sticky by what a client is told again
 */
public record Split(String group, List<Share> shares, Sticky sticky) {

    /** Keeps its own copy of the list, and checks it. */
    public Split {
        shares = List.copyOf(shares);
        if (shares.stream().mapToLong(Share::weight).sum() == 0) {
            throw new IllegalArgumentException("nobody has a share in the split of " + group);
        }
        if (shares.stream().map(Share::bundleId).distinct().count() < shares.size()) {
            throw new IllegalArgumentException("a bundle has two shares in the split of " + group);
        }
    }
}
