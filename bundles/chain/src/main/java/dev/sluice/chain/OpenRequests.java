package dev.sluice.chain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The requests that hold units of a bundle which have left the chain, those included that a drain has given up. Has texts and
 * numbers alone: it keeps nothing of the bundle.
 *
 * @param requests those that were there when it was asked, the oldest first, a hundred at most
 * @param count how many there were
 * @param over completes when nothing holds any of the units any more, on a thread of the chain's; it has no deadline
 */
public record OpenRequests(List<Request> requests, int count, CompletableFuture<Void> over) {

    /**
     * A request.
     *
     * @param line its method and path, of one line, as they may stand in the log
     * @param age for how long it is there
     */
    public record Request(String line, Duration age) {}

    /** Keeps its own copy of the list. */
    public OpenRequests {
        requests = List.copyOf(requests);
    }

    /** {@return none} */
    public static OpenRequests none() {
        return new OpenRequests(List.of(), 0, CompletableFuture.completedFuture(null));
    }
}
