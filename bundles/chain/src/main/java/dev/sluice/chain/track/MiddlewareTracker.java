package dev.sluice.chain.track;

import dev.sluice.chain.Claim;
import dev.sluice.chain.Operator;
import dev.sluice.chain.ProbeResult;
import dev.sluice.chain.Split;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Provider;
import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.Traffic;
import dev.sluice.chain.snapshot.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the coming and going of middleware services into changes of the chain.
 *
 * <p>Its monitor makes a service's going and a publication exclude each other, so that no unit is published whose service
 * has just gone. Inside it the chain is changed, which never waits; bundles' code and drains run outside. Events come on
 * the thread that registers or stops, and a drain blocks that thread: so a bundle's stop waits for its requests. It is one
 * class, though a long one, because all of it is guarded by that one monitor.
 */
final class MiddlewareTracker implements ServiceTrackerCustomizer<Object, Registration> {

    private static final Logger LOG = LoggerFactory.getLogger(MiddlewareTracker.class);

    private final BundleContext context;
    private final Chain chain;
    private final Settings settings;
    private final Holds holds;

    // Guarded by this.
    private final Map<Long, ClaimedBundle> claims = new HashMap<>();
    private final Set<Registration> registrations = new LinkedHashSet<>();
    /** Bundles whose claims were closed: a candidate that failed and registers late must not be taken for an unclaimed one. */
    private final Set<Long> givenUp = new HashSet<>();

    private boolean opening = true;
    private boolean closing;

    MiddlewareTracker(BundleContext context, Chain chain, Settings settings, Holds holds) {
        this.context = context;
        this.chain = chain;
        this.settings = settings;
        this.holds = holds;
    }

    // ---- services come

    @Override
    public Registration addingService(ServiceReference<Object> reference) {
        Registration registration = new Registration(context, reference);
        ClaimedBundle claim;
        synchronized (this) {
            registrations.add(registration);
            claim = claims.get(registration.bundleId());
            if (claim == null && opening) {
                return registration;
            }
        }
        if (claim != null && claim.added(registration)) {
            return registration;
        }
        if (isGivenUp(registration.bundleId())) {
            LOG.warn("{} is not served: the deployment of its bundle was given up", registration);
        } else {
            join(registration.bundleId(), List.of(registration));
        }
        return registration;
    }

    private synchronized boolean isGivenUp(long bundleId) {
        return givenUp.contains(bundleId);
    }

    /** Publishes what was there before this tracker, in one generation. To be called once, when all of it is known. */
    void opened() {
        Map<Long, List<Registration>> present;
        synchronized (this) {
            opening = false;
            // The bundle that was installed first comes first: what two bundles provide belongs to it.
            present = registrations.stream()
                    .filter(registration -> !claims.containsKey(registration.bundleId()))
                    .collect(Collectors.groupingBy(Registration::bundleId, TreeMap::new, Collectors.toList()));
        }
        List<Registration> ready = new ArrayList<>();
        present.forEach((bundleId, several) -> ready.addAll(probed(bundleId, several)));
        publishPresent(ready, "what was registered before the chain started");
    }

    private void join(long bundleId, List<Registration> unclaimed) {
        publishPresent(probed(bundleId, unclaimed), "registered by bundle " + bundleId);
    }

    private List<Registration> probed(long bundleId, List<Registration> unclaimed) {
        List<Registration> all = registrationsOf(bundleId);
        List<Registration> ready = new ArrayList<>();
        for (Registration registration : unclaimed) {
            if (probe().one(registration, all) instanceof ProbeResult.Refused refused) {
                LOG.error("{} is not served: {}", registration, refused.message());
            } else {
                ready.add(registration);
            }
        }
        return ready;
    }

    /**
     * What has changed between the probe and this call counts: a service that has gone is left out, as its going has been
     * handled already, and a name that another bundle has taken meanwhile is refused.
     */
    private synchronized void publishPresent(List<Registration> ready, String cause) {
        List<Provider> present = ready.stream()
                .filter(registration -> registrations.contains(registration) && registration.isLive())
                .flatMap(registration -> registration.had().stream())
                .toList();
        chain.change(roster -> joinedIfAllowed(roster, present), cause);
    }

    private Roster joinedIfAllowed(Roster roster, List<Provider> providers) {
        Roster changed = roster;
        for (Provider provider : providers) {
            Optional<String> objection = objection(provider.unit(), changed);
            objection.ifPresent(why -> LOG.error("{} is not served: {}", provider.unit(), why));
            changed = objection.isPresent() ? changed : changed.join(provider);
        }
        return changed;
    }

    private Optional<String> objection(Unit unit, Roster roster) {
        return settings.ownership().objection(unit.name(), unit.symbolicName(), roster.owner(unit.name()));
    }

    // ---- the deployer's way

    synchronized Claim claim(long bundleId) {
        boolean known = registrations.stream().anyMatch(registration -> registration.bundleId() == bundleId);
        if (known || claims.containsKey(bundleId)) {
            throw new IllegalStateException("bundle " + bundleId
                    + " can't be claimed: it is claimed already, or has registered middleware already");
        }
        ClaimedBundle claim = new ClaimedBundle(bundleId, this::probe, this::forget);
        claims.put(bundleId, claim);
        givenUp.remove(bundleId);
        return claim;
    }

    private synchronized void forget(ClaimedBundle claim) {
        if (claims.remove(claim.bundleId(), claim)) {
            givenUp.add(claim.bundleId());
        }
    }

    long publish(Set<Long> publish, Set<Long> retire, String cause) {
        return publish(publish, retire, Optional.empty(), Optional.empty(), cause);
    }

    /** Without splits, or rules of releases, those that hold stay. */
    long publish(
            Set<Long> publish,
            Set<Long> retire,
            Optional<Collection<Split>> splits,
            Optional<List<Traffic.OfRelease>> rules,
            String cause) {
        Map<Long, List<Registration>> late = new HashMap<>();
        long generation;
        synchronized (this) {
            // All of it inside the change: overrides and reservations change the roster without this monitor.
            generation = chain.change(
                    roster -> {
                        Roster next = published(roster.retire(retire), publish);
                        if (splits.isPresent()) {
                            next = next.split(splits.get());
                        }
                        return rules.isPresent() ? next.releases(rules.get()) : next;
                    },
                    cause);
            for (long bundleId : publish) {
                late.put(
                        bundleId,
                        claims.remove(bundleId).end().stream()
                                .filter(registration -> registration.unit().isEmpty())
                                .toList());
            }
        }
        late.forEach((bundleId, several) -> {
            if (!several.isEmpty()) {
                join(bundleId, several);
            }
        });
        return generation;
    }

    private Roster published(Roster roster, Set<Long> publish) {
        Roster changed = roster;
        for (long bundleId : publish) {
            ClaimedBundle claim = claims.get(bundleId);
            if (claim == null) {
                throw new IllegalStateException("bundle " + bundleId + " isn't claimed");
            }
            // Published without it, the bundle would take the place of a version that has it, and leave that place
            // empty.
            if (!claim.lost().isEmpty()) {
                throw new IllegalStateException("bundle " + bundleId + " has unregistered \""
                        + String.join("\", \"", claim.lost()) + "\" since it was probed, or is stopping");
            }
            for (Registration registration : claim.registrations()) {
                Optional<Provider> had = registration.had();
                if (had.isPresent()) {
                    objection(had.get().unit(), changed).ifPresent(objection -> {
                        throw new IllegalStateException(objection);
                    });
                    changed = changed.join(had.get());
                }
            }
        }
        return changed;
    }

    private Probe probe() {
        return new Probe(chain.roster(), settings.ownership());
    }

    private synchronized List<Registration> registrationsOf(long bundleId) {
        return registrations.stream()
                .filter(registration -> registration.bundleId() == bundleId)
                .toList();
    }

    /** {@return what is claimed and not published} */
    synchronized List<Registration> candidates() {
        return claims.values().stream()
                .flatMap(claim -> claim.registrations().stream())
                .toList();
    }

    // ---- services change and go

    @Override
    public synchronized void modifiedService(ServiceReference<Object> reference, Registration registration) {
        try {
            registration
                    .redescribed()
                    .ifPresent(now ->
                            chain.change(roster -> roster.describe(now.unit(), now.spec()), now.unit() + " changed"));
        } catch (Description.Unusable e) {
            LOG.error("{} stays where it was, as its new properties can't be used: {}", registration, e.getMessage());
        }
    }

    @Override
    public void removedService(ServiceReference<Object> reference, Registration registration) {
        synchronized (this) {
            // Together with its leaving: who has just probed it must not find it here, and publish it, afterwards.
            registrations.remove(registration);
            leave(registration.bundle(), List.of(registration), "is unregistered");
        }
        awaitDrain(registration.bundleId());
        registration.release();
        if (registration.bundle().getState() == Bundle.ACTIVE) {
            // Only this service has gone. Of a bundle that stops, another event tells when it has.
            holds.stopped(registration.bundleId());
        }
    }

    /**
     * The bundle is about to stop: its units leave the chain, and this waits for the requests that hold them; also for those
     * on units that somebody else has taken out, or is taking out at this moment.
     */
    void stopping(Bundle bundle) {
        synchronized (this) {
            leave(bundle, registrationsOf(bundle.getBundleId()), "stops");
            if (!closing && isRemoval(bundle)) {
                // Also places that it had left before.
                chain.change(
                        roster -> roster.retire(Set.of(bundle.getBundleId())), bundle + " was stopped by an operator");
            }
        }
        awaitDrain(bundle.getBundleId());
    }

    /** A place that the bundle's unit left vacant goes, too, if an operator has uninstalled it. */
    void uninstalled(Bundle bundle) {
        long bundleId = bundle.getBundleId();
        synchronized (this) {
            givenUp.remove(bundleId);
        }
        if (Operator.current().isPresent()) {
            chain.change(roster -> roster.retire(Set.of(bundleId)), bundle + " was uninstalled by an operator");
        } else {
            chain.change(roster -> roster.uninstalled(bundleId), bundle + " was uninstalled");
        }
    }

    private void awaitDrain(long bundleId) {
        if (!isClosing()) {
            holds.began(bundleId);
            chain.drains().giveUpOwn(bundleId);
            settings.awaitDrain(chain, bundleId);
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    /** To be called in the monitor. */
    private void leave(Bundle bundle, List<Registration> leaving, String how) {
        leaving.forEach(registration -> Optional.ofNullable(claims.get(registration.bundleId()))
                .ifPresent(claim -> claim.removed(registration)));
        if (closing) {
            return;
        }
        boolean forGood = isRemoval(bundle);
        for (Registration registration : leaving) {
            registration.unit().ifPresent(unit -> leave(unit, forGood, how));
        }
    }

    private void leave(Unit unit, boolean forGood, String how) {
        long before = chain.current().generation();
        long after = chain.change(roster -> forGood ? roster.leave(unit) : roster.away(unit), unit + " " + how);
        // When the container stops everything leaves, and nobody wants to read of each.
        if (after != before && chain.isOpen()) {
            LOG.info("{} {}{}", unit, how, forGood ? ", by an operator: removed" : ": its place stays");
        }
    }

    /**
     * Only an operator removes, by stopping the bundle for good or uninstalling it. An update stops a bundle that stays
     * persistently started; and what goes while its bundle stays active may go because of anything, for instance because
     * an operator has stopped another bundle that it depends on.
     */
    private static boolean isRemoval(Bundle bundle) {
        return Operator.current().isPresent()
                && bundle.getState() != Bundle.ACTIVE
                && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    }

    /** From now on services go because the chain does, and not because their bundles do. */
    synchronized void closing() {
        closing = true;
    }
}
