package dev.sluice.deployer.leaving;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.DrainOutcome;
import dev.sluice.deployer.DeploymentState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out: drain, wait until nobody is wired to it, stop, uninstall. Nobody waits for it. Safe for any thread: the two
 * maps are guarded by this, and nothing is called out to under the lock but the framework's wiring.
 */
public final class Release implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Release.class);

    private record Drained(Leaver leaver, Optional<DrainOutcome> outcome) {}

    private final BundleContext context;
    private final ChainControl chain;
    private final Disposal disposal;
    private final InUse inUse;
    private final Witness witness;
    private final Supplier<Duration> retireTimeout;
    private final Consumer<Leaver> released;
    private final AtomicBoolean sweepDue = new AtomicBoolean();
    private volatile boolean closed;
    private final Map<Long, Leaver> draining = new HashMap<>();
    private final Map<Long, Drained> drained = new HashMap<>();

    /**
     * @param witness notes what becomes of each
     * @param retireTimeout for how long requests may hold a bundle; asked at each release
     * @param released hears of each that is released
     */
    public Release(
            BundleContext context,
            ChainControl chain,
            Disposal disposal,
            InUse inUse,
            Witness witness,
            Supplier<Duration> retireTimeout,
            Consumer<Leaver> released) {
        this.context = context;
        this.chain = chain;
        this.disposal = disposal;
        this.inUse = inUse;
        this.witness = witness;
        this.retireTimeout = retireTimeout;
        this.released = released;
    }

    /** Lets a bundle go whose units were retired. */
    public void release(Leaver leaver) {
        witness.goes(leaver);
        synchronized (this) {
            draining.put(leaver.bundleId(), leaver);
        }
        // The drain may end on a thread that serves a request: what follows runs the bundle's code, and isn't for that
        // one.
        drain(leaver)
                .whenComplete(
                        (outcome, thrown) -> disposal.execute(() -> drained(leaver, Optional.ofNullable(outcome))));
    }

    private CompletableFuture<DrainOutcome> drain(Leaver leaver) {
        try {
            return chain.drain(leaver.bundleId(), retireTimeout.get());
        } catch (IllegalStateException e) {
            // The chain is away: no request runs.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What leaves from now on stays: the deployer's next start finds it and lets it go. */
    @Override
    public void close() {
        closed = true;
    }

    private void drained(Leaver leaver, Optional<DrainOutcome> outcome) {
        if (closed) {
            return;
        }
        outcome.filter(end -> !end.drained())
                .ifPresent(end -> LOG.warn(
                        "{} is released though {} requests still hold it after {} s (retire.timeout)",
                        leaver.title(),
                        end.leasesLeft(),
                        end.waited().toSeconds()));
        synchronized (this) {
            draining.remove(leaver.bundleId());
            drained.put(leaver.bundleId(), new Drained(leaver, outcome));
        }
        sweep();
    }

    /** A bundle has gone, which may have held others: on a thread of its own, as the framework's may hold that bundle's lock. */
    public void bundleGone() {
        synchronized (this) {
            if (drained.isEmpty()) {
                return;
            }
        }
        // One sweep sees all that have gone by the time it begins.
        if (sweepDue.compareAndSet(false, true)) {
            disposal.execute(() -> {
                sweepDue.set(false);
                sweep();
            });
        }
    }

    /** Uninstalls what is drained and needed by nobody. */
    private void sweep() {
        List<Drained> free = takeTheFree();
        for (Drained one : free) {
            Leaver leaver = one.leaver();
            leaver.entry().to(DeploymentState.DRAINED);
            disposal.uninstall(leaver.bundleId(), leaver.departure());
            leaver.entry().to(DeploymentState.RELEASED);
            LOG.info(
                    "released {}{}",
                    leaver.title(),
                    one.outcome()
                            .map(end -> " (drained in " + end.waited().toMillis() + " ms)")
                            .orElse(""));
            released.accept(leaver);
        }
        if (!free.isEmpty()) {
            sweep();
        }
    }

    private synchronized List<Drained> takeTheFree() {
        List<Drained> free = new ArrayList<>();
        for (Drained one : List.copyOf(drained.values())) {
            Set<Long> users = inUse.users(one.leaver().bundleId(), drained.keySet());
            if (users.isEmpty()) {
                free.add(one);
            } else {
                one.leaver().entry().because("in use by " + names(users) + "; released when they are");
            }
        }
        free.forEach(one -> drained.remove(one.leaver().bundleId()));
        return free;
    }

    private String names(Set<Long> bundles) {
        return bundles.stream()
                .map(context::getBundle)
                .filter(bundle -> bundle != null)
                .map(Release::name)
                .collect(Collectors.joining(", "));
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    /** {@return the bundles that have left the chain and aren't uninstalled yet} */
    public synchronized Set<Long> left() {
        return Stream.concat(draining.keySet().stream(), drained.keySet().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
