package dev.sluice.unload.witness;

import dev.sluice.unload.Departure;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Sees bundles leave, and keeps a canary for each that is started. What it takes of an event are texts and weak references.
 *
 * <p>Felix tells of an uninstalled bundle before it throws its wirings away: {@link Bundle#adapt} gives no
 * {@link BundleWiring} any more then, but still all {@link BundleRevisions}, those of updates that nobody refreshed yet
 * included. The same goes for an update in place, where the newest revision is the one that stays. A refresh is told of only
 * afterwards; so what is about to be stopped is noted down. A bundle that was never started, and is refreshed, isn't seen.
 *
 * <p>Called on the threads of those who change bundles, on several at the same time for different bundles; one bundle's events
 * come one after another.
 */
public final class BundleWitness implements SynchronousBundleListener {

    private final Inbox inbox;
    private final long self;
    private final LongPredicate installed;
    private final Map<Long, Canary> canaries = new ConcurrentHashMap<>();
    private final Map<Long, Departure> departures = new ConcurrentHashMap<>();

    /** The requests that are still in bundles that leave, until they are over. */
    private final Map<Long, Requests> requests = new ConcurrentHashMap<>();

    /** What may be about to be refreshed. */
    private final Map<Long, Noted> stopped = new ConcurrentHashMap<>();

    /** The class loader as well: a wiring that is thrown away has let go of it before anybody is told. */
    private record Noted(WeakReference<BundleWiring> wiring, WeakReference<ClassLoader> loader) {}

    /** Earlier contents that have left, and that the framework keeps for as long as others are wired to them. */
    private final Map<Long, List<Watched>> told = new ConcurrentHashMap<>();

    /**
     * Tells of what leaves.
     *
     * @param inbox hears of it
     * @param self the id of this bundle, which nobody watches
     * @param installed whether a bundle is there, by its id
     */
    public BundleWitness(Inbox inbox, long self, LongPredicate installed) {
        this.inbox = inbox;
        this.self = self;
        this.installed = installed;
    }

    /**
     * Says what a bundle that is about to leave was deployed as. Of one that can't be uninstalled that is kept, as somebody else
     * may get rid of it; of one that another has uninstalled meanwhile it isn't, as nothing more will be heard of it.
     *
     * @return the number of the last that left until now; 0 if none did
     */
    public long leaving(long bundleId, Departure departure) {
        long last = inbox.last();
        departures.put(bundleId, departure);
        // Only now, as it may be uninstalled at any time: then this sees it, or the event the entries.
        if (!installed.test(bundleId)) {
            departures.remove(bundleId);
            requests.remove(bundleId);
        }
        return last;
    }

    /**
     * Says which requests are in a bundle that may be about to leave.
     *
     * @return says that they are over
     */
    public Runnable requestsIn(long bundleId, List<String> open) {
        Requests told = new Requests(open);
        requests.put(bundleId, told);
        return () -> {
            // Those that were told later have an end of their own.
            requests.remove(bundleId, told);
            told.over();
            inbox.wake();
        };
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        long id = bundle.getBundleId();
        if (id == 0 || id == self) {
            return;
        }
        switch (event.getType()) {
            case BundleEvent.STARTED -> canaries.computeIfAbsent(id, any -> new Canary());
            case BundleEvent.STOPPING -> note(bundle);
            case BundleEvent.UNRESOLVED -> refreshed(bundle);
            case BundleEvent.UPDATED -> updated(bundle);
            case BundleEvent.UNINSTALLED -> uninstalled(bundle);
            default -> {
                // The other steps tell nothing.
            }
        }
    }

    private void note(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null) {
            Loaders.of(wiring)
                    .ifPresent(loader -> stopped.put(
                            bundle.getBundleId(), new Noted(new WeakReference<>(wiring), new WeakReference<>(loader))));
        }
    }

    /** Of an uninstalled or updated bundle the wiring is still in use at that moment; of a refreshed one it isn't. */
    private void refreshed(Bundle bundle) {
        long id = bundle.getBundleId();
        Noted noted = stopped.get(id);
        // The class loader has the wiring: as long as the one is there the other is.
        ClassLoader loader = noted == null ? null : noted.loader().get();
        BundleWiring wiring = noted == null ? null : noted.wiring().get();
        if (loader != null && wiring != null && !wiring.isInUse()) {
            stopped.remove(id);
            left(bundle, wiring, loader, Optional.ofNullable(departures.get(id)));
        }
    }

    private void updated(Bundle bundle) {
        stopped.remove(bundle.getBundleId());
        List<BundleRevision> revisions = revisions(bundle);
        Optional<Departure> departure = Optional.ofNullable(departures.get(bundle.getBundleId()));
        revisions.stream().skip(1).forEach(revision -> left(bundle, revision.getWiring(), departure));
    }

    private void uninstalled(Bundle bundle) {
        long id = bundle.getBundleId();
        stopped.remove(id);
        Optional<Departure> departure = Optional.ofNullable(departures.remove(id));
        for (BundleRevision revision : revisions(bundle)) {
            left(bundle, revision.getWiring(), departure);
        }
        canaries.remove(id);
        told.remove(id);
        Usages.forget(bundle);
    }

    /** {@return the newest first} */
    private static List<BundleRevision> revisions(Bundle bundle) {
        BundleRevisions revisions = bundle.adapt(BundleRevisions.class);
        return revisions == null ? List.of() : List.copyOf(revisions.getRevisions());
    }

    private void left(Bundle bundle, BundleWiring wiring, Optional<Departure> departure) {
        if (wiring == null) {
            return;
        }
        Loaders.of(wiring).ifPresent(loader -> left(bundle, wiring, loader, departure));
    }

    private void left(Bundle bundle, BundleWiring wiring, ClassLoader loader, Optional<Departure> departure) {
        long id = bundle.getBundleId();
        if (told.getOrDefault(id, List.of()).stream().anyMatch(watched -> watched.refersTo(loader))) {
            return;
        }
        BundleRevision revision = wiring.getRevision();
        Watched watched = inbox.left(
                loader,
                Users.of(wiring, requests.getOrDefault(id, Requests.NONE)),
                // One that was never started, or before this bundle was: a younger canary is as good, and slower.
                Optional.ofNullable(canaries.remove(id)).orElseGet(Canary::new),
                id,
                revision.getSymbolicName(),
                revision.getVersion().toString(),
                departure);
        told.merge(id, List.of(watched), (before, one) -> Stream.concat(
                        before.stream().filter(earlier -> !earlier.hasGone()), one.stream())
                .toList());
    }
}
