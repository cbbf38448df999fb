package dev.sluice.chain.snapshot;

import dev.sluice.chain.StuckThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that a middleware has had for long, on a thread of the container: one without a {@code deadline} has them for as
 * long as it likes, and nobody else would say so. Each is logged once, a few at a time.
 */
public final class LongStays implements Runnable {

    /** Longer than what most clients and balancers wait. */
    static final Duration LONG = Duration.ofSeconds(60);

    /** A middleware that hangs hangs for all: more say nothing more. */
    private static final int SHOWN = 5;

    private static final Logger LOG = LoggerFactory.getLogger(LongStays.class);

    private final Chain chain;
    private final LongSupplier nanoTime;
    private Set<Lease> known = Set.of();

    /**
     * Knows none yet.
     *
     * @param chain the chain
     * @param nanoTime the chain's clock
     */
    public LongStays(Chain chain, LongSupplier nanoTime) {
        this.chain = chain;
        this.nanoTime = nanoTime;
    }

    /** Looks, and logs what is new. To be called now and then, by one thread at a time. */
    @Override
    public void run() {
        long now = nanoTime.getAsLong();
        Set<Lease> found = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Lease> fresh = new ArrayList<>();
        for (Lease lease : chain.leases()) {
            if (isLong(lease, now) && found.add(lease) && !known.contains(lease)) {
                fresh.add(lease);
            }
        }
        known = found;
        fresh.stream().limit(SHOWN).forEach(lease -> lease.inside()
                .ifPresent(unit -> LOG.warn(
                        "{} has had a request for more than {} s: {}. The status has its stack (stuck). To have such requests answered,"
                                + " give the middleware a deadline in an override",
                        unit,
                        LONG.toSeconds(),
                        lease.describe(now))));
        if (fresh.size() > SHOWN) {
            LOG.warn("and {} more requests that a middleware has had for so long", fresh.size() - SHOWN);
        }
    }

    /** {@return the threads that are inside a unit for so long} */
    static Map<Unit, List<StuckThread>> among(List<Lease> leases, long now) {
        Map<Unit, List<StuckThread>> found = new HashMap<>();
        leases.stream().filter(lease -> isLong(lease, now)).forEach(lease -> lease.inside()
                .ifPresent(
                        unit -> lease.view(now).ifPresent(view -> found.computeIfAbsent(unit, any -> new ArrayList<>())
                                .add(view))));
        return found;
    }

    private static boolean isLong(Lease lease, long now) {
        return lease.age(now).compareTo(LONG) >= 0 && lease.inside().isPresent();
    }
}
