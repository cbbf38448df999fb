package dev.sluice.chain.lease;

/**
 * Counts the leases on one route, cheaply from many threads, and tells when the last one is given back after the route
 * was retired.
 *
 * <p><b>How it counts.</b> Each {@link #enter} adds one to a stripe and returns the stripe's number as a token; {@link
 * #leave} takes one from the same stripe, from whatever thread. So no stripe ever goes below zero, and a scan that finds
 * every stripe at zero can't have added up a debt of one stripe against a lease in another (as a {@code LongAdder} can).
 *
 * <p><b>Why no lease is missed.</b> A request first enters, then checks that the snapshot it took is still the current
 * one, and leaves again if it is not. The writer first makes another snapshot the current one, then calls {@link
 * #retire}, which scans. Both accesses on both sides are volatile, so they stand in one total order: either the request's
 * check comes after the writer's exchange, and the request leaves again, or its increment comes before the scan, and the
 * scan sees it. After retirement the number of leases that passed the check only falls; an increment of a request that is
 * about to leave again can make a scan find too many, never too few, and that request scans again when it leaves.
 *
 * <p><b>Why the last one is always told.</b> {@code retire} sets the callback, then scans. A leaving request decrements,
 * then reads the callback. Again either the scan sees the decrement or the request sees the callback.
 */
public final class LeaseGate {

    private final Stripes counts = new Stripes();
    private volatile Runnable whenEmpty;

    /** {@return a token that {@link #leave} wants} Counted from now on. */
    public int enter() {
        int stripe = Stripes.own();
        counts.add(stripe, 1);
        return stripe;
    }

    /**
     * Gives a lease back.
     *
     * @param token what {@link #enter} returned for it
     */
    public void leave(int token) {
        counts.add(token, -1);
        Runnable callback = whenEmpty;
        if (callback != null && isEmpty()) {
            callback.run();
        }
    }

    /**
     * Asks to be told when no lease is left. To be called once, after no request can find this gate any more.
     *
     * @param whenEmpty called at least once when no lease is left, at once if there is none; on the thread that gave the
     *     last one back; may be called again, and by two threads at the same time
     */
    public void retire(Runnable whenEmpty) {
        this.whenEmpty = whenEmpty;
        if (isEmpty()) {
            whenEmpty.run();
        }
    }

    /** {@return whether no lease was held at some moment during the call; final only after {@link #retire}} */
    public boolean isEmpty() {
        return counts.areZero();
    }
}
